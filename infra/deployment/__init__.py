"""What brings a desk into an AWS account and takes it away again, for `infra.deploy` and `infra.destroy`."""
