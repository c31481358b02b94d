"""The Glue Data Catalog. Jobs are moto's; registries are moto's with additions."""
