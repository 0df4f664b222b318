from django.db import migrations, models

COPIED = (
    "name",
    "provider_id",
    "hours",
    "on_call_hours",
    "on_call_fee_cents",
    "time_zone",
    "phone",
    "email",
    "since",
    "until",
)


def copy_desks(apps, schema_editor):
    """The hours of desks are read when people book: they go down to `booking`."""
    kept = apps.get_model("booking", "DeskHours")
    for values in apps.get_model("concierge", "DeskHours").objects.values(*COPIED):
        kept.objects.create(**values)


class Migration(migrations.Migration):

    dependencies = [
        ("concierge", "0004_desk_email"),
        ("booking", "0003_manners"),
    ]

    operations = [
        migrations.RunPython(copy_desks, migrations.RunPython.noop),
        migrations.DeleteModel(name="DeskHours"),
        migrations.AlterField(
            model_name="runbookstep",
            name="step",
            field=models.CharField(
                choices=[
                    ("contact", "contact"),
                    ("eve-test", "eve-test"),
                    ("accompany", "accompany"),
                    ("last-test", "last-test"),
                    ("connect", "connect"),
                    ("watch", "watch"),
                    ("close", "close"),
                ],
                max_length=9,
            ),
        ),
    ]
