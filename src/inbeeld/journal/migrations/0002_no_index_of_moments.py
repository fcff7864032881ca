from django.db import migrations


class Migration(migrations.Migration):
    """Lines are found by child, by actor or by sequence; an index nobody asks costs each line its time."""

    dependencies = [("journal", "0001_first")]

    operations = [migrations.RemoveIndex(model_name="line", name="journal_of_a_moment")]
