"""The targets, one file each; see `paragone.deploy.target`."""
