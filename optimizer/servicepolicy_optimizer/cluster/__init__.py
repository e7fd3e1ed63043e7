"""The profile on Apache Spark, for more lines than one machine should add up: needs the extra `spark`."""
