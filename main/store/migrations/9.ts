/** Device, threads and recomputation are a run's execution, no longer a part of its training; see the third form in ../stored-configuration.ts. */
export default `
  UPDATE runs SET configuration = json_remove(
    json_set(configuration, '$.execution', json_patch('{}', json_object(
      'recompute', json_extract(configuration, '$.training.recompute'),
      'device', json_extract(configuration, '$.training.device'),
      'threads', json_extract(configuration, '$.training.threads'))), '$.version', 3),
    '$.training.recompute', '$.training.device', '$.training.threads')
  WHERE CASE WHEN typeof(configuration) = 'text' AND json_valid(configuration) THEN json_extract(configuration, '$.version') = 2
    AND json_type(configuration, '$.training') = 'object' AND json_type(configuration, '$.execution') IS NULL ELSE 0 END;

  UPDATE experiments SET definition = replace(replace(replace(definition,
    '"training.recompute":', '"execution.recompute":'), '"training.device":', '"execution.device":'), '"training.threads":', '"execution.threads":')
  WHERE typeof(definition) = 'text' AND json_valid(definition);
`
