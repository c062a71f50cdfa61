"""The line to Smartcar: who we are there, with which tokens, how many calls."""
