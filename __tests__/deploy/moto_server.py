"""moto_server for the deployment test: on a free port of 127.0.0.1, until standard input closes.

It mends what moto 5.2 does otherwise than AWS where the AWS provider or the system could not go on, and prints its address as
one line.
"""

import json
import logging
import select
import socket
import sys
import threading
import time

import moto.applicationautoscaling.responses as autoscaling
import moto.awslambda.models as lambdas
import moto.cloudwatch.responses as cloudwatch
import moto.s3.models as s3
import moto.sqs.models as sqs
from flask import has_request_context, request
from moto.core.responses import EmptyResult
from moto.iam.access_control import PermissionResult
from moto.server import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import make_server

# Without an answer the provider retries for many minutes.
autoscaling.ApplicationAutoScalingResponse.list_tags_for_resource = lambda self: json.dumps({"Tags": {}})
# So every further apply tags them anew.
autoscaling.ApplicationAutoScalingResponse.tag_resource = lambda self: json.dumps({})


def alarm_actions(enabled: bool):
    """moto knows the operation, and does nothing."""

    def answer(self) -> EmptyResult:
        for alarm in self.cloudwatch_backend.get_alarms_by_alarm_names(self._get_param("AlarmNames", [])):
            alarm.actions_enabled = enabled
        return EmptyResult()

    return answer


cloudwatch.CloudWatchResponse.disable_alarm_actions = alarm_actions(False)
cloudwatch.CloudWatchResponse.enable_alarm_actions = alarm_actions(True)
sqs.Queue.BASE_ATTRIBUTES.append("RedriveAllowPolicy")
sqs.Queue.redrive_allow_policy = None
receive_once = sqs.SQSBackend.receive_message


def client_is_gone() -> bool:
    # moto receives for functions, too, in threads of its own.
    if not has_request_context():
        return False
    connection = request.environ["werkzeug.socket"]
    readable, _, _ = select.select([connection], [], [], 0)
    return bool(readable) and connection.recv(1, socket.MSG_PEEK) == b""


def receive_message(self, queue_name, count, wait_seconds_timeout, *args, **named):
    """As moto's, but whoever has hung up gets no message: moto would hide it for its visibility timeout, with nobody who works on it."""
    end = time.monotonic() + wait_seconds_timeout
    while not client_is_gone():
        messages = receive_once(self, queue_name, count, 0, *args, **named)
        if messages or time.monotonic() >= end:
            return messages
        time.sleep(0.02)
    return []


sqs.SQSBackend.receive_message = receive_message
# moto takes a denial for one whatever its condition says, such as that a call came without TLS.
s3.FakeBucket.get_permission = lambda self, action, resource: PermissionResult.NEUTRAL
# moto would invoke functions in Docker. The tests run the bundles; to moto, every batch fails, so its messages stay.
lambdas.LambdaBackend.send_sqs_batch = lambda self, function_arn, messages, queue_arn: False

# Nor does it know filters of subscriptions of functions: the tests call these themselves.
lambdas.LambdaBackend.send_sns_message = lambda self, function_name, message, subject=None, qualifier=None: None

logging.getLogger("werkzeug").setLevel(logging.ERROR)
server = make_server("127.0.0.1", 0, DomainDispatcherApplication(create_backend_app), threaded=True)
print(f"http://127.0.0.1:{server.server_port}", flush=True)


def end_with_parent() -> None:
    sys.stdin.read()
    server.shutdown()


threading.Thread(target=end_with_parent, daemon=True).start()
server.serve_forever()
