"""The tables of the journal, and the triggers that let them only grow."""

import django.db.models.manager
from django.db import migrations, models

from inbeeld.journal import guards


def put_up(apps, schema_editor):
    guards.put_up(schema_editor.connection)


def take_down(apps, schema_editor):
    guards.take_down(schema_editor.connection)


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="DayHead",
            fields=[
                ("on", models.DateField(primary_key=True, serialize=False)),
                ("sequence", models.BigIntegerField()),
                ("digest", models.BinaryField()),
            ],
        ),
        migrations.CreateModel(
            name="Head",
            fields=[
                ("id", models.SmallIntegerField(default=1, primary_key=True, serialize=False)),
                ("sequence", models.BigIntegerField()),
                ("at", models.DateTimeField(null=True)),
                ("digest", models.BinaryField()),
                ("closed_on", models.DateField(null=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("id", 1)), name="journal_has_one_head")
                ],
            },
        ),
        migrations.CreateModel(
            name="Line",
            fields=[
                ("sequence", models.BigIntegerField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
                ("behind", models.BigIntegerField()),
                ("trace", models.UUIDField()),
                ("actor", models.CharField(max_length=60)),
                ("on_behalf_of", models.CharField(blank=True, max_length=60)),
                ("organisation", models.CharField(blank=True, max_length=60)),
                ("role", models.CharField(blank=True, max_length=40)),
                ("involvement", models.CharField(max_length=10)),
                ("purpose", models.CharField(blank=True, max_length=40)),
                ("ground", models.CharField(blank=True, max_length=120)),
                ("row", models.CharField(blank=True, max_length=60)),
                ("action", models.CharField(max_length=40)),
                ("field_class", models.CharField(blank=True, max_length=60)),
                ("child", models.UUIDField(null=True)),
                ("object", models.CharField(blank=True, max_length=80)),
                ("outcome", models.CharField(max_length=10)),
                ("origin", models.CharField(max_length=60)),
                ("emergency", models.BooleanField()),
                ("consent", models.CharField(blank=True, max_length=80)),
                ("digest", models.BinaryField()),
            ],
            options={
                "base_manager_name": "for_operations",
                "default_manager_name": "objects",
                "indexes": [
                    models.Index(
                        condition=models.Q(("child__isnull", False)),
                        fields=["child", "-sequence"],
                        name="journal_of_a_child",
                    ),
                    models.Index(fields=["actor", "-sequence"], name="journal_of_an_actor"),
                    models.Index(fields=["at"], name="journal_of_a_moment"),
                ],
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("for_operations", django.db.models.manager.Manager()),
            ],
        ),
        migrations.RunPython(put_up, take_down),
    ]
