"""The table of the data keys."""

import uuid

import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="DataKey",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("child", models.UUIDField(editable=False)),
                (
                    "group",
                    models.CharField(
                        choices=[
                            ("identity", "identity"),
                            ("facts", "facts"),
                            ("support", "support"),
                            ("family", "family"),
                            ("medical", "medical"),
                            ("justice", "justice"),
                            ("notes", "notes"),
                        ],
                        max_length=10,
                    ),
                ),
                ("keyholder", models.CharField(max_length=80)),
                ("master", models.CharField(max_length=16)),
                ("wrapped", models.BinaryField()),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("shredded_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["child", "group"], name="data_key_of_a_child"),
                    models.Index(
                        condition=models.Q(("shredded_at__isnull", True)),
                        fields=["master", "id"],
                        name="data_key_under_a_master",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("shredded_at__isnull", True)),
                        fields=("child", "group", "keyholder"),
                        name="one_data_key_not_shredded",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("shredded_at__isnull", True), models.Q(("wrapped", b""), _negated=True)
                            ),
                            models.Q(("shredded_at__isnull", False), ("wrapped", b"")),
                            _connector="OR",
                        ),
                        name="data_key_gone_when_shredded",
                    ),
                ],
            },
        ),
    ]
