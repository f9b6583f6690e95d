# Settings of zipped jobs, with every constant that AWSHalide knew.

FULL_NAME_AND_EMAIL = 'A Student <student@example.org>'  # for the image
APP_NAME = 'HalideWorker'

DOCKERHUB_USER = 'student'
DOCKERHUB_EMAIL = 'student@example.org'
DOCKERHUB_REPO = 'private'
DOCKERHUB_TAG = DOCKERHUB_USER + '/' + DOCKERHUB_REPO + ':' + APP_NAME

AWS_REGION = 'us-east-1'
AWS_PROFILE = "default"

SSH_KEY_NAME = 'student-key.pem'
ECS_CLUSTER = 'arn:aws:ecs:us-east-1:000000000000:cluster/my-cluster'

PATH_TO_ZIP_DIR='PhotoBlur'
BUCKET_NAME='student-halide-run'

NAME_OUTPUT='brighter.png'
OUTPUT_EXT='.png'
CODE='g++\ image.cpp\ -I\ \/opt\/halide\/include\ -o\ bright\ \;\ LD_LIBRARY_PATH=\/opt\/halide\/bin\ .\/bright'
