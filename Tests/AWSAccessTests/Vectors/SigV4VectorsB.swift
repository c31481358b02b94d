// Vectors of the "AWS Signature Version 4 Test Suite", Copyright 2019 Amazon.com, Inc. or its
// affiliates, under the Apache License 2.0, as botocore 1.43.11 carries it in
// tests/unit/auth/aws4_testsuite. Signed with the key AKIDEXAMPLE and the secret
// wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY for us-east-1/service at 20150830T123600Z.

extension SigV4Vector {
  static let b: [SigV4Vector] = [
    SigV4Vector(
      name: "get-unreserved",
      request:
        #"""
        GET /-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz HTTP/1.1
        Host:example.amazonaws.com
        X-Amz-Date:20150830T123600Z
        """#,
      canonical:
        #"""
        GET
        /-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz

        host:example.amazonaws.com
        x-amz-date:20150830T123600Z

        host;x-amz-date
        e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855
        """#,
      signature: "07ef7494c76fa4850883e2b006601f940f8a34d404d0cfa977f52a65bbf5f24f"),
    SigV4Vector(
      name: "get-utf8",
      request:
        #"""
        GET /ሴ HTTP/1.1
        Host:example.amazonaws.com
        X-Amz-Date:20150830T123600Z
        """#,
      canonical:
        #"""
        GET
        /%E1%88%B4

        host:example.amazonaws.com
        x-amz-date:20150830T123600Z

        host;x-amz-date
        e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855
        """#,
      signature: "8318018e0b0f223aa2bbf98705b62bb787dc9c0e678f255a891fd03141be5d85"),
    SigV4Vector(
      name: "get-vanilla",
      request:
        #"""
        GET / HTTP/1.1
        Host:example.amazonaws.com
        X-Amz-Date:20150830T123600Z
        """#,
      canonical:
        #"""
        GET
        /

        host:example.amazonaws.com
        x-amz-date:20150830T123600Z

        host;x-amz-date
        e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855
        """#,
      signature: "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"),
    SigV4Vector(
      name: "get-vanilla-empty-query-key",
      request:
        #"""
        GET /?Param1=value1 HTTP/1.1
        Host:example.amazonaws.com
        X-Amz-Date:20150830T123600Z
        """#,
      canonical:
        #"""
        GET
        /
        Param1=value1
        host:example.amazonaws.com
        x-amz-date:20150830T123600Z

        host;x-amz-date
        e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855
        """#,
      signature: "a67d582fa61cc504c4bae71f336f98b97f1ea3c7a6bfe1b6e45aec72011b9aeb"),
    SigV4Vector(
      name: "get-vanilla-query",
      request:
        #"""
        GET / HTTP/1.1
        Host:example.amazonaws.com
        X-Amz-Date:20150830T123600Z
        """#,
      canonical:
        #"""
        GET
        /

        host:example.amazonaws.com
        x-amz-date:20150830T123600Z

        host;x-amz-date
        e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855
        """#,
      signature: "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"),
    SigV4Vector(
      name: "get-vanilla-query-order-encoded",
      request:
        #"""
        GET /?Param-3=Value3&Param=Value2&%E1%88%B4=Value1 HTTP/1.1
        Host:example.amazonaws.com
        X-Amz-Date:20150830T123600Z
        """#,
      canonical:
        #"""
        GET
        /
        %E1%88%B4=Value1&Param=Value2&Param-3=Value3
        host:example.amazonaws.com
        x-amz-date:20150830T123600Z

        host;x-amz-date
        e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855
        """#,
      signature: "371d3713e185cc334048618a97f809c9ffe339c62934c032af5a0e595648fcac"),
    SigV4Vector(
      name: "get-vanilla-query-order-key",
      request:
        #"""
        GET /?Param1=value2&Param1=Value1 HTTP/1.1
        Host:example.amazonaws.com
        X-Amz-Date:20150830T123600Z
        """#,
      canonical:
        #"""
        GET
        /
        Param1=Value1&Param1=value2
        host:example.amazonaws.com
        x-amz-date:20150830T123600Z

        host;x-amz-date
        e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855
        """#,
      signature: "eedbc4e291e521cf13422ffca22be7d2eb8146eecf653089df300a15b2382bd1"),
    SigV4Vector(
      name: "get-vanilla-query-order-key-case",
      request:
        #"""
        GET /?Param2=value2&Param1=value1 HTTP/1.1
        Host:example.amazonaws.com
        X-Amz-Date:20150830T123600Z
        """#,
      canonical:
        #"""
        GET
        /
        Param1=value1&Param2=value2
        host:example.amazonaws.com
        x-amz-date:20150830T123600Z

        host;x-amz-date
        e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855
        """#,
      signature: "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500"),
    SigV4Vector(
      name: "get-vanilla-query-order-value",
      request:
        #"""
        GET /?Param1=value2&Param1=value1 HTTP/1.1
        Host:example.amazonaws.com
        X-Amz-Date:20150830T123600Z
        """#,
      canonical:
        #"""
        GET
        /
        Param1=value1&Param1=value2
        host:example.amazonaws.com
        x-amz-date:20150830T123600Z

        host;x-amz-date
        e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855
        """#,
      signature: "5772eed61e12b33fae39ee5e7012498b51d56abc0abb7c60486157bd471c4694"),
    SigV4Vector(
      name: "get-vanilla-query-unreserved",
      request:
        #"""
        GET /?-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz=-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz HTTP/1.1
        Host:example.amazonaws.com
        X-Amz-Date:20150830T123600Z
        """#,
      canonical:
        #"""
        GET
        /
        -._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz=-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz
        host:example.amazonaws.com
        x-amz-date:20150830T123600Z

        host;x-amz-date
        e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855
        """#,
      signature: "9c3e54bfcdf0b19771a7f523ee5669cdf59bc7cc0884027167c21bb143a40197"),
    SigV4Vector(
      name: "get-vanilla-utf8-query",
      request:
        #"""
        GET /?ሴ=bar HTTP/1.1
        Host:example.amazonaws.com
        X-Amz-Date:20150830T123600Z
        """#,
      canonical:
        #"""
        GET
        /
        %E1%88%B4=bar
        host:example.amazonaws.com
        x-amz-date:20150830T123600Z

        host;x-amz-date
        e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855
        """#,
      signature: "2cdec8eed098649ff3a119c94853b13c643bcf08f8b0a1d91e12c9027818dd04"),
    SigV4Vector(
      name: "get-vanilla-with-session-token",
      request:
        #"""
        GET / HTTP/1.1
        Host:example.amazonaws.com
        X-Amz-Date:20150830T123600Z
        """#,
      canonical:
        #"""
        GET
        /

        host:example.amazonaws.com
        x-amz-date:20150830T123600Z
        x-amz-security-token:6e86291e8372ff2a2260956d9b8aae1d763fbf315fa00fa31553b73ebf194267

        host;x-amz-date;x-amz-security-token
        e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855
        """#,
      signature: "07ec1639c89043aa0e3e2de82b96708f198cceab042d4a97044c66dd9f74e7f8"),
  ]
}
