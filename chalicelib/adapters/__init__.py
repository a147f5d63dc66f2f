"""How the desk touches the world: table, queues, mail, files, clock. The only place that imports boto3."""
