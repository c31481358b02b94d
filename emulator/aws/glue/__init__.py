"""The Glue Data Catalog. Crawlers, jobs, connections and registries are moto's."""
