import os

# Every process of ours passes here first: what it writes (database, keys, uploads, exports) is its own user's only.
os.umask(0o077)

# A command of the domain alone (manage.py) sends no task and starts faster without Celery.
if os.environ.get("DOMAIN_ONLY") != "1":
    from config.celery import app as celery_app

    __all__ = ["celery_app"]
