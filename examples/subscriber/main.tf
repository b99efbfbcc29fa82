# A queue that follows the jobs: for the platform's own account, or for one that the platform names in events.subscriberAccounts.

terraform {
  required_version = ">= 1.11.0"
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.100.0"
    }
  }
}

variable "job_events_topic_arn" {
  description = "The platform's output job_events_topic_arn. The queue has to be in its region: so has a dead-letter queue"
  type        = string
}

variable "name" {
  description = "Of the queue, and the beginning of everything else's"
  type        = string
  default     = "job-events"
}

data "aws_caller_identity" "current" {}

resource "aws_sqs_queue" "events" {
  name                       = var.name
  message_retention_seconds  = 1209600 # 14 days, SQS's most
  visibility_timeout_seconds = 30      # longer than it takes to store ten events
  kms_master_key_id          = aws_kms_key.events.arn
  redrive_policy = jsonencode({
    deadLetterTargetArn = aws_sqs_queue.dead_letters.arn
    maxReceiveCount     = 5
  })
}

# What the subscriber could not store, and what SNS could not deliver. Put an alarm on it.
resource "aws_sqs_queue" "dead_letters" {
  name                      = "${var.name}-dead-letters"
  message_retention_seconds = 1209600
  kms_master_key_id         = aws_kms_key.events.arn
}

# The topic, and no other of whoever's account, may send to the two queues.
resource "aws_sqs_queue_policy" "from_the_topic" {
  for_each  = { events = aws_sqs_queue.events, dead_letters = aws_sqs_queue.dead_letters }
  queue_url = each.value.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "Events"
        Effect    = "Allow"
        Principal = { Service = "sns.amazonaws.com" }
        Action    = "sqs:SendMessage"
        Resource  = each.value.arn
        Condition = { ArnEquals = { "aws:SourceArn" = var.job_events_topic_arn } }
      },
      {
        Sid       = "DenyWithoutTls"
        Effect    = "Deny"
        Principal = "*"
        Action    = "sqs:*"
        Resource  = each.value.arn
        Condition = { Bool = { "aws:SecureTransport" = "false" } }
      },
    ]
  })
}

# Events hold inputs and results. SNS cannot use the key alias/aws/sqs, so it is one of your own, whose policy lets SNS in.
resource "aws_kms_key" "events" {
  description         = "Encrypts ${var.name} and its dead letters"
  enable_key_rotation = true
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "AccountThroughItsPolicies"
        Effect    = "Allow"
        Principal = { AWS = data.aws_caller_identity.current.account_id }
        Action    = "kms:*"
        Resource  = "*"
      },
      {
        Sid       = "Events"
        Effect    = "Allow"
        Principal = { Service = "sns.amazonaws.com" }
        Action    = ["kms:Decrypt", "kms:GenerateDataKey"]
        Resource  = "*"
        Condition = { ArnEquals = { "aws:SourceArn" = var.job_events_topic_arn } }
      },
    ]
  })
}

resource "aws_sns_topic_subscription" "events" {
  topic_arn            = var.job_events_topic_arn
  protocol             = "sqs"
  endpoint             = aws_sqs_queue.events.arn
  raw_message_delivery = true # the message is the event itself
  filter_policy        = jsonencode({ kind = ["job"], jobType = ["document"] })
  redrive_policy       = jsonencode({ deadLetterTargetArn = aws_sqs_queue.dead_letters.arn })
  depends_on           = [aws_sqs_queue_policy.from_the_topic] # else the first events are lost
}

# What the subscriber's role needs.
data "aws_iam_policy_document" "subscriber" {
  statement {
    actions   = ["sqs:ReceiveMessage", "sqs:DeleteMessage"]
    resources = [aws_sqs_queue.events.arn]
  }
  statement {
    actions   = ["kms:Decrypt"]
    resources = [aws_kms_key.events.arn]
  }
}

output "queue_url" {
  description = "JOB_EVENTS_QUEUE_URL of the subscriber"
  value       = aws_sqs_queue.events.id
}

output "subscriber_policy" {
  description = "Policy of the subscriber's role"
  value       = data.aws_iam_policy_document.subscriber.json
}
