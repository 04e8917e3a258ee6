"""The engine that hands the work of large sites to Spark, for those who outgrow one machine (extra ``kgraph-wiki[spark]``)."""

from kgraph.spark.engine import SparkEngine

__all__ = ["SparkEngine"]
