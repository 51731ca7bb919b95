from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("centres", "0005_hours_to_a_first_order"),
        ("taper", "0003_protocols_and_batches"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="version",
            name="bridged_until",
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="version",
            name="first_visit",
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="version",
            name="last_taken",
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="version",
            name="milestones",
            field=models.JSONField(default=list),
        ),
        migrations.AddField(
            model_name="version",
            name="prescriber",
            field=models.CharField(blank=True, max_length=200),
        ),
        migrations.AddField(
            model_name="version",
            name="products",
            field=models.JSONField(default=list),
        ),
        migrations.AlterField(
            model_name="version",
            name="kind",
            field=models.CharField(
                choices=[
                    ("first", "first plan"),
                    ("hold", "hold: the dose goes on, no cuts"),
                    ("resume", "resumed"),
                    ("slow", "slower"),
                    ("step_back", "stepped back"),
                    ("amend", "amended"),
                    ("switch", "switched"),
                    ("return", "went on after an absence"),
                    ("supply", "made of other products"),
                    ("bridge", "bridging plan: the dose goes on until somebody else prescribes"),
                ],
                max_length=12,
            ),
        ),
        migrations.AddConstraint(
            model_name="version",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "bridge"), _negated=True),
                    models.Q(
                        models.Q(("prescriber", ""), _negated=True), ("bridged_until__gt", models.F("first_visit"))
                    ),
                    _connector="OR",
                ),
                name="a_bridging_plan_leads_beyond_a_visit_with_somebody",
            ),
        ),
    ]
