"""What a worker does at least, with boto3: receive, get, run, put, delete. Arguments: queue, bucket, endpoint."""
import json
import subprocess
import sys
import tempfile

import boto3
from botocore.config import Config

queue, bucket, endpoint = sys.argv[1:]
config = Config(
    s3={"addressing_style": "path"},
    request_checksum_calculation="when_required",
    response_checksum_validation="when_required",
)
s3 = boto3.client("s3", endpoint_url=endpoint, config=config)
sqs = boto3.client("sqs", endpoint_url=endpoint)
url = sqs.get_queue_url(QueueName=queue)["QueueUrl"]
message = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=1)["Messages"][0]
key = json.loads(message["Body"])["jobs"][0]["in"][0]["key"]
with tempfile.TemporaryDirectory() as folder:
    with open(folder + "/file", "wb") as file:
        file.write(s3.get_object(Bucket=bucket, Key=key)["Body"].read())
    subprocess.run(["/bin/true"], check=True)
    with open(folder + "/file", "rb") as file:
        s3.put_object(Bucket=bucket, Key="bench-worker/output", Body=file)
sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
