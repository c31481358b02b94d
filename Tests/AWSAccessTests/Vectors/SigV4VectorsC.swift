// Vectors of the "AWS Signature Version 4 Test Suite", Copyright 2019 Amazon.com, Inc. or its
// affiliates, under the Apache License 2.0, as botocore 1.43.11 carries it in
// tests/unit/auth/aws4_testsuite. Signed with the key AKIDEXAMPLE and the secret
// wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY for us-east-1/service at 20150830T123600Z.

extension SigV4Vector {
  static let c: [SigV4Vector] = [
    SigV4Vector(
      name: "post-header-key-case",
      request:
        #"""
        POST / HTTP/1.1
        Host:example.amazonaws.com
        X-Amz-Date:20150830T123600Z
        """#,
      canonical:
        #"""
        POST
        /

        host:example.amazonaws.com
        x-amz-date:20150830T123600Z

        host;x-amz-date
        e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855
        """#,
      signature: "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"),
    SigV4Vector(
      name: "post-header-key-sort",
      request:
        #"""
        POST / HTTP/1.1
        Host:example.amazonaws.com
        My-Header1:value1
        X-Amz-Date:20150830T123600Z
        """#,
      canonical:
        #"""
        POST
        /

        host:example.amazonaws.com
        my-header1:value1
        x-amz-date:20150830T123600Z

        host;my-header1;x-amz-date
        e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855
        """#,
      signature: "c5410059b04c1ee005303aed430f6e6645f61f4dc9e1461ec8f8916fdf18852c"),
    SigV4Vector(
      name: "post-header-value-case",
      request:
        #"""
        POST / HTTP/1.1
        Host:example.amazonaws.com
        My-Header1:VALUE1
        X-Amz-Date:20150830T123600Z
        """#,
      canonical:
        #"""
        POST
        /

        host:example.amazonaws.com
        my-header1:VALUE1
        x-amz-date:20150830T123600Z

        host;my-header1;x-amz-date
        e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855
        """#,
      signature: "cdbc9802e29d2942e5e10b5bccfdd67c5f22c7c4e8ae67b53629efa58b974b7d"),
    SigV4Vector(
      name: "post-sts-header-after",
      request:
        #"""
        POST / HTTP/1.1
        Host:example.amazonaws.com
        X-Amz-Date:20150830T123600Z
        """#,
      canonical:
        #"""
        POST
        /

        host:example.amazonaws.com
        x-amz-date:20150830T123600Z

        host;x-amz-date
        e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855
        """#,
      signature: "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"),
    SigV4Vector(
      name: "post-sts-header-before",
      request:
        #"""
        POST / HTTP/1.1
        Host:example.amazonaws.com
        X-Amz-Date:20150830T123600Z
        X-Amz-Security-Token:AQoDYXdzEPT//////////wEXAMPLEtc764bNrC9SAPBSM22wDOk4x4HIZ8j4FZTwdQWLWsKWHGBuFqwAeMicRXmxfpSPfIeoIYRqTflfKD8YUuwthAx7mSEI/qkPpKPi/kMcGdQrmGdeehM4IC1NtBmUpp2wUE8phUZampKsburEDy0KPkyQDYwT7WZ0wq5VSXDvp75YU9HFvlRd8Tx6q6fE8YQcHNVXAkiY9q6d+xo0rKwT38xVqr7ZD0u0iPPkUL64lIZbqBAz+scqKmlzm8FDrypNC9Yjc8fPOLn9FX9KSYvKTr4rvx3iSIlTJabIQwj2ICCR/oLxBA==
        """#,
      canonical:
        #"""
        POST
        /

        host:example.amazonaws.com
        x-amz-date:20150830T123600Z
        x-amz-security-token:AQoDYXdzEPT//////////wEXAMPLEtc764bNrC9SAPBSM22wDOk4x4HIZ8j4FZTwdQWLWsKWHGBuFqwAeMicRXmxfpSPfIeoIYRqTflfKD8YUuwthAx7mSEI/qkPpKPi/kMcGdQrmGdeehM4IC1NtBmUpp2wUE8phUZampKsburEDy0KPkyQDYwT7WZ0wq5VSXDvp75YU9HFvlRd8Tx6q6fE8YQcHNVXAkiY9q6d+xo0rKwT38xVqr7ZD0u0iPPkUL64lIZbqBAz+scqKmlzm8FDrypNC9Yjc8fPOLn9FX9KSYvKTr4rvx3iSIlTJabIQwj2ICCR/oLxBA==

        host;x-amz-date;x-amz-security-token
        e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855
        """#,
      signature: "85d96828115b5dc0cfc3bd16ad9e210dd772bbebba041836c64533a82be05ead"),
    SigV4Vector(
      name: "post-vanilla",
      request:
        #"""
        POST / HTTP/1.1
        Host:example.amazonaws.com
        X-Amz-Date:20150830T123600Z
        """#,
      canonical:
        #"""
        POST
        /

        host:example.amazonaws.com
        x-amz-date:20150830T123600Z

        host;x-amz-date
        e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855
        """#,
      signature: "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"),
    SigV4Vector(
      name: "post-vanilla-empty-query-value",
      request:
        #"""
        POST /?Param1=value1 HTTP/1.1
        Host:example.amazonaws.com
        X-Amz-Date:20150830T123600Z
        """#,
      canonical:
        #"""
        POST
        /
        Param1=value1
        host:example.amazonaws.com
        x-amz-date:20150830T123600Z

        host;x-amz-date
        e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855
        """#,
      signature: "28038455d6de14eafc1f9222cf5aa6f1a96197d7deb8263271d420d138af7f11"),
    SigV4Vector(
      name: "post-vanilla-query",
      request:
        #"""
        POST /?Param1=value1 HTTP/1.1
        Host:example.amazonaws.com
        X-Amz-Date:20150830T123600Z
        """#,
      canonical:
        #"""
        POST
        /
        Param1=value1
        host:example.amazonaws.com
        x-amz-date:20150830T123600Z

        host;x-amz-date
        e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855
        """#,
      signature: "28038455d6de14eafc1f9222cf5aa6f1a96197d7deb8263271d420d138af7f11"),
    SigV4Vector(
      name: "post-x-www-form-urlencoded",
      request:
        #"""
        POST / HTTP/1.1
        Content-Type:application/x-www-form-urlencoded
        Host:example.amazonaws.com
        X-Amz-Date:20150830T123600Z

        Param1=value1
        """#,
      canonical:
        #"""
        POST
        /

        content-type:application/x-www-form-urlencoded
        host:example.amazonaws.com
        x-amz-date:20150830T123600Z

        content-type;host;x-amz-date
        9095672bbd1f56dfc5b65f3e153adc8731a4a654192329106275f4c7b24d0b6e
        """#,
      signature: "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a"),
    SigV4Vector(
      name: "post-x-www-form-urlencoded-parameters",
      request:
        #"""
        POST / HTTP/1.1
        Content-Type:application/x-www-form-urlencoded; charset=utf8
        Host:example.amazonaws.com
        X-Amz-Date:20150830T123600Z

        Param1=value1
        """#,
      canonical:
        #"""
        POST
        /

        content-type:application/x-www-form-urlencoded; charset=utf8
        host:example.amazonaws.com
        x-amz-date:20150830T123600Z

        content-type;host;x-amz-date
        9095672bbd1f56dfc5b65f3e153adc8731a4a654192329106275f4c7b24d0b6e
        """#,
      signature: "1a72ec8f64bd914b0e42e42607c7fbce7fb2c7465f63e3092b3b0d39fa77a6fe"),
  ]
}
