"""The planner's page: what people would rather look at than read. Only `serving` opens it."""
