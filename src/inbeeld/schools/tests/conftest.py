"""These tests are of a demo: the fixtures of the learners, which they are about."""

from inbeeld.learners.tests.conftest import child, in_trial, school

__all__ = ["child", "in_trial", "school"]
