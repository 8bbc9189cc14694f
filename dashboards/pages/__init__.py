"""One module a page: each has functions from what is asked to a `Page`."""
