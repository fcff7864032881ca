from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0001_first"),
    ]

    operations = [
        migrations.AddField(
            model_name="signature",
            name="recorded_at",
            field=models.DateTimeField(null=True),
        ),
    ]
