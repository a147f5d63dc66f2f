"""The desk on one machine: a mocked cloud, the HTTP app, mail in and out, queues and schedules. Never deployed."""
