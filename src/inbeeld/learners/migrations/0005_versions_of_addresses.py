from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("learners", "0004_a_case_is_found_quickly"),
    ]

    operations = [
        migrations.AddField(
            model_name="address",
            name="version",
            field=models.PositiveIntegerField(default=1),
        ),
    ]
