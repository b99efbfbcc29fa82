# For the platform's account: a role with which a subscriber of another account reads the jobs that events tell it of.

terraform {
  required_version = ">= 1.11.0"
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.100.0"
    }
  }
}

variable "api_arn" {
  description = "arn:aws:execute-api:<region>:<account>:<ID>, the ID being the first part of the platform's output api_endpoint"
  type        = string
}

variable "subscriber_role_arn" {
  description = "Role of the subscriber, in its own account"
  type        = string
}

resource "aws_iam_role" "reader" {
  name = "job-reader"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { AWS = var.subscriber_role_arn }
      Action    = "sts:AssumeRole"
    }]
  })
}

resource "aws_iam_role_policy" "reader" {
  name = "read-jobs"
  role = aws_iam_role.reader.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = "execute-api:Invoke"
      Resource = "${var.api_arn}/*/GET/jobs/*"
    }]
  })
}

output "role_arn" {
  description = "Of the role that the subscriber assumes"
  value       = aws_iam_role.reader.arn
}
