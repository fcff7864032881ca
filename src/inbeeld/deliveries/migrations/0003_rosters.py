from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("deliveries", "0002_system_keys"),
    ]

    operations = [
        migrations.AddField(
            model_name="delivery",
            name="fills",
            field=models.CharField(
                choices=[("marks", "absence"), ("roster", "a roster")], default="marks", max_length=10
            ),
        ),
    ]
