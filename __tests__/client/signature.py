"""Reads requests as JSON, and prints the signature that botocore gives each: the oracle of iam-signer.test.ts."""

import json
import sys

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

for given in json.load(sys.stdin):
    headers = {**given["headers"], "X-Amz-Date": given["timestamp"]}
    credentials = given["credentials"]
    if "sessionToken" in credentials:
        headers["X-Amz-Security-Token"] = credentials["sessionToken"]
    request = AWSRequest(given["method"], given["url"], headers, given.get("body", "").encode())
    request.context["timestamp"] = given["timestamp"]
    auth = SigV4Auth(
        Credentials(credentials["accessKeyId"], credentials["secretAccessKey"], credentials.get("sessionToken")),
        "execute-api",
        given["region"],
    )
    print(auth.signature(auth.string_to_sign(request, auth.canonical_request(request)), request))
