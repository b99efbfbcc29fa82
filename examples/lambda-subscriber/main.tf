# A function that follows the jobs, and the table in which it keeps their newest states.

terraform {
  required_version = ">= 1.11.0"
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 6.19.0" # the first that knows nodejs24.x
    }
  }
}

variable "job_events_topic_arn" {
  description = "The platform's output job_events_topic_arn"
  type        = string
}

variable "package" {
  description = "The file that npm run package writes"
  type        = string
}

variable "name" {
  description = "Of the function, and the beginning of everything else's"
  type        = string
  default     = "job-states"
}

resource "aws_lambda_function" "subscriber" {
  function_name    = var.name
  role             = aws_iam_role.subscriber.arn
  runtime          = "nodejs24.x"
  architectures    = ["arm64"]
  handler          = "handler.handler"
  filename         = var.package
  source_code_hash = filebase64sha256(var.package)
  timeout          = 10
  environment {
    variables = { JOB_STATES_TABLE_NAME = aws_dynamodb_table.states.name }
  }
  depends_on = [aws_cloudwatch_log_group.subscriber, aws_iam_role_policy.subscriber]
}

# The topic may invoke the function, and no other of whoever's account.
resource "aws_lambda_permission" "events" {
  statement_id  = "Events"
  function_name = aws_lambda_function.subscriber.function_name
  action        = "lambda:InvokeFunction"
  principal     = "sns.amazonaws.com"
  source_arn    = var.job_events_topic_arn
}

resource "aws_sns_topic_subscription" "events" {
  topic_arn           = var.job_events_topic_arn
  protocol            = "lambda"
  endpoint            = aws_lambda_function.subscriber.arn
  filter_policy_scope = "MessageBody"
  filter_policy       = jsonencode({ status = ["SUCCEEDED", "FAILED", "CANCELLED"], tags = { team = ["billing"] } })
  redrive_policy      = jsonencode({ deadLetterTargetArn = aws_sqs_queue.dead_letters.arn })
  depends_on          = [aws_lambda_permission.events, aws_sqs_queue_policy.dead_letters] # else the first events are lost
}

# SNS hands an event over and is done with it: what the function then fails at three times, Lambda puts here.
resource "aws_lambda_function_event_invoke_config" "subscriber" {
  function_name                = aws_lambda_function.subscriber.function_name
  maximum_retry_attempts       = 2
  maximum_event_age_in_seconds = 21600
  destination_config {
    on_failure {
      destination = aws_sqs_queue.dead_letters.arn
    }
  }
}

# What the function could not store, and what SNS could not hand over. Put an alarm on it.
resource "aws_sqs_queue" "dead_letters" {
  name                      = "${var.name}-dead-letters"
  message_retention_seconds = 1209600
  sqs_managed_sse_enabled   = true
}

resource "aws_sqs_queue_policy" "dead_letters" {
  queue_url = aws_sqs_queue.dead_letters.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "Events"
        Effect    = "Allow"
        Principal = { Service = "sns.amazonaws.com" }
        Action    = "sqs:SendMessage"
        Resource  = aws_sqs_queue.dead_letters.arn
        Condition = { ArnEquals = { "aws:SourceArn" = var.job_events_topic_arn } }
      },
      {
        Sid       = "DenyWithoutTls"
        Effect    = "Deny"
        Principal = "*"
        Action    = "sqs:*"
        Resource  = aws_sqs_queue.dead_letters.arn
        Condition = { Bool = { "aws:SecureTransport" = "false" } }
      },
    ]
  })
}

resource "aws_dynamodb_table" "states" {
  name         = var.name
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "id"
  attribute {
    name = "id"
    type = "S"
  }
  point_in_time_recovery {
    enabled = true
  }
}

resource "aws_cloudwatch_log_group" "subscriber" {
  name              = "/aws/lambda/${var.name}"
  retention_in_days = 30
}

resource "aws_iam_role" "subscriber" {
  name = var.name
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "lambda.amazonaws.com" }
      Action    = "sts:AssumeRole"
    }]
  })
}

resource "aws_iam_role_policy" "subscriber" {
  name = "subscriber"
  role = aws_iam_role.subscriber.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid      = "KeepStates"
        Effect   = "Allow"
        Action   = "dynamodb:PutItem"
        Resource = aws_dynamodb_table.states.arn
      },
      {
        Sid      = "LeaveDeadLetters"
        Effect   = "Allow"
        Action   = "sqs:SendMessage"
        Resource = aws_sqs_queue.dead_letters.arn
      },
      {
        Sid      = "Log"
        Effect   = "Allow"
        Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
        Resource = "${aws_cloudwatch_log_group.subscriber.arn}:*"
      },
    ]
  })
}
