"""Names are sealed, a child gets a file with entries and addresses, and verdicts name their class."""

import json
import uuid

import django.db.models.deletion
import django.db.models.manager
from django.db import migrations, models

import inbeeld.keys.sealing

PARTS = ("call_name", "first_names", "prefix", "last_name")
BATCH = 2000


def seal_names(apps, schema_editor):
    """Seal the names that stood in columns of their own; needs the key ring when there are any."""
    from inbeeld.keys.operations import keys_for_many
    from inbeeld.keys.sealing import seal

    learners = apps.get_model("learners", "Learner").for_operations
    for region in learners.values_list("region", flat=True).distinct():
        rows = list(learners.filter(region=region))
        keys = keys_for_many((one.reference for one in rows), group="identity", keyholder=f"region:{region}")
        for one in rows:
            names = {part: value for part in PARTS if (value := getattr(one, part))}
            one.names = seal(
                json.dumps(names, ensure_ascii=False).ljust(120),
                key=keys[one.reference],
                table="learners_learner",
                column="names",
                row=one.reference,
            )
        learners.bulk_update(rows, ["names"], batch_size=BATCH)


class Migration(migrations.Migration):
    dependencies = [
        ("keys", "0001_first"),
        ("learners", "0002_what_is_missing"),
        ("organisations", "0002_roles_sites_and_reviews"),
    ]

    operations = [
        migrations.AddField(
            model_name="learner",
            name="case_stage",
            field=models.PositiveSmallIntegerField(
                blank=True,
                choices=[
                    (3, "on the table of the taskforce"),
                    (4, "aftercare"),
                    (6, "closed"),
                    (7, "destroyed"),
                ],
                null=True,
            ),
        ),
        migrations.AddField(
            model_name="learner",
            name="names",
            field=inbeeld.keys.sealing.SealedField(null=True, row="reference"),
        ),
        migrations.RunPython(seal_names, migrations.RunPython.noop),
        migrations.AlterField(
            model_name="learner",
            name="names",
            field=inbeeld.keys.sealing.SealedField(row="reference"),
        ),
        migrations.RemoveField(
            model_name="learner",
            name="call_name",
        ),
        migrations.RemoveField(
            model_name="learner",
            name="first_names",
        ),
        migrations.RemoveField(
            model_name="learner",
            name="last_name",
        ),
        migrations.RemoveField(
            model_name="learner",
            name="prefix",
        ),
        migrations.AddField(
            model_name="learner",
            name="number",
            field=inbeeld.keys.sealing.SealedField(null=True, row="reference"),
        ),
        migrations.AddField(
            model_name="learner",
            name="number_lookup",
            field=models.CharField(blank=True, db_index=True, default="", max_length=64),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="verdict",
            name="delivered_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="organisations.organisation",
            ),
        ),
        migrations.AddField(
            model_name="verdict",
            name="field_class",
            field=models.CharField(default="ATT", max_length=3),
        ),
        migrations.CreateModel(
            name="Address",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("text", inbeeld.keys.sealing.SealedField()),
                ("entered_on", models.DateField()),
                ("shielded", models.BooleanField(default=False)),
                (
                    "entered_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisations.organisation",
                    ),
                ),
                (
                    "learner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="addresses",
                        to="learners.learner",
                    ),
                ),
            ],
            options={
                "base_manager_name": "for_operations",
                "default_manager_name": "objects",
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("for_operations", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="Entry",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "field_class",
                    models.CharField(
                        choices=[
                            ("AGR", "agreement"),
                            ("SUP", "support and advice for school"),
                            ("FAM", "family"),
                            ("MED", "medical"),
                            ("JUS", "police and youth protection"),
                            ("NOT", "own working note"),
                        ],
                        max_length=3,
                    ),
                ),
                ("text", inbeeld.keys.sealing.SealedField()),
                ("written_at", models.DateTimeField()),
                ("changed_at", models.DateTimeField(null=True)),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "learner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="entries",
                        to="learners.learner",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisations.organisation",
                    ),
                ),
                (
                    "written_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisations.membership",
                    ),
                ),
            ],
            options={
                "ordering": ("-written_at", "id"),
                "base_manager_name": "for_operations",
                "default_manager_name": "objects",
                "indexes": [models.Index(fields=["learner", "field_class"], name="entry_about_a_learner")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("field_class__in", ["AGR", "SUP", "FAM", "MED", "JUS", "NOT"])),
                        name="entry_of_a_class_that_is_written",
                    )
                ],
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("for_operations", django.db.models.manager.Manager()),
            ],
        ),
    ]
