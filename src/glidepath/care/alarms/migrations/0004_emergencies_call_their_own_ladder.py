from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("alarms", "0003_who_is_called"),
    ]

    operations = [
        migrations.AddField(
            model_name="alarm",
            name="emergency_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
    ]
