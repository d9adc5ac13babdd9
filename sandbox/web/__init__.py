"""The Web API: one module per family of methods, and the router that stands in front of them."""
