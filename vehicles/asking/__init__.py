"""The net under the webhooks: which car is asked when, and what silence means."""
