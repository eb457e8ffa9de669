import json

from django.contrib.auth.hashers import make_password
from django.core.management.base import BaseCommand
from rest_framework_simplejwt.tokens import AccessToken

from bench_site.models import Users


class Command(BaseCommand):
    help = 'Makes users who cannot sign in, and prints the id and an access token of each as JSON.'

    def add_arguments(self, parser):
        parser.add_argument('count', type=int)

    def handle(self, *args, count, **options):
        Users.objects.bulk_create(
            Users(username=f'user{index}', email=f'user{index}@example.com', password=make_password(None))
            for index in range(count)
        )
        users = Users.objects.order_by('id')
        self.stdout.write(
            json.dumps([{'id': user.id, 'token': str(AccessToken.for_user(user))} for user in users])
        )
