"""The layers of {{ cookiecutter.project_name }}."""
