-- about: all listed countries, historical states and organisations
SELECT entity_id, kind, name, iso2, iso3, acronym, region FROM entities WHERE listed ORDER BY kind, name
