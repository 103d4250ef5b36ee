"""What holds for every test of this repository, those of the shipped layers among them."""

pytest_plugins = ["chance", "counted", "short_run"]
