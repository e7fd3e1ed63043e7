"""What the tests of the HTTP service share."""

JSON = {"Content-Type": "application/json"}
