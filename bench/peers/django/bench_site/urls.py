from django.urls import path

from .views import update_profile

urlpatterns = [path('api/profile/<int:user_id>/update/', update_profile)]
