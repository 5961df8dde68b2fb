from django.urls import path

from ..views import letters, verify

urlpatterns = [
    path("batches/<int:batch_id>/letters/", letters.batch_letters, name="batch_letters"),
    path("letters/<str:code>/", letters.letter_file, name="letter_file"),
    path("letters/<str:code>/retry/", letters.letter_retry, name="letter_retry"),
    path("verify/", verify.verify, name="verify"),
    path("verify/file/", verify.verify_file, name="verify_file"),
    path("verify/<str:code>/", verify.verify_code, name="verify_code"),
]
