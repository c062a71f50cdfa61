"""A process of its own that speaks Smartcar's protocol over HTTP on loopback; shares no code with the client."""
