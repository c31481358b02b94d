// Vectors of the "AWS Signature Version 4 Test Suite", Copyright 2019 Amazon.com, Inc. or its
// affiliates, under the Apache License 2.0, as botocore 1.43.11 carries it in
// tests/unit/auth/aws4_testsuite. Signed with the key AKIDEXAMPLE and the secret
// wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY for us-east-1/service at 20150830T123600Z.

extension SigV4Vector {
  static let a: [SigV4Vector] = [
    SigV4Vector(
      name: "get-header-key-duplicate",
      request:
        #"""
        GET / HTTP/1.1
        Host:example.amazonaws.com
        My-Header1:value2
        My-Header1:value2
        My-Header1:value1
        X-Amz-Date:20150830T123600Z
        """#,
      canonical:
        #"""
        GET
        /

        host:example.amazonaws.com
        my-header1:value2,value2,value1
        x-amz-date:20150830T123600Z

        host;my-header1;x-amz-date
        e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855
        """#,
      signature: "c9d5ea9f3f72853aea855b47ea873832890dbdd183b4468f858259531a5138ea"),
    SigV4Vector(
      name: "get-header-value-multiline",
      request:
        #"""
        GET / HTTP/1.1
        Host:example.amazonaws.com
        My-Header1:value1
          value2
             value3
        X-Amz-Date:20150830T123600Z
        """#,
      canonical:
        #"""
        GET
        /

        host:example.amazonaws.com
        my-header1:value1 value2 value3
        x-amz-date:20150830T123600Z

        host;my-header1;x-amz-date
        e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855
        """#,
      signature: "cfd34249e4b1c8d6b91ef74165d41a32e5fab3306300901bb65a51a73575eefd"),
    SigV4Vector(
      name: "get-header-value-order",
      request:
        #"""
        GET / HTTP/1.1
        Host:example.amazonaws.com
        My-Header1:value4
        My-Header1:value1
        My-Header1:value3
        My-Header1:value2
        X-Amz-Date:20150830T123600Z
        """#,
      canonical:
        #"""
        GET
        /

        host:example.amazonaws.com
        my-header1:value4,value1,value3,value2
        x-amz-date:20150830T123600Z

        host;my-header1;x-amz-date
        e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855
        """#,
      signature: "08c7e5a9acfcfeb3ab6b2185e75ce8b1deb5e634ec47601a50643f830c755c01"),
    SigV4Vector(
      name: "get-header-value-trim",
      request:
        #"""
        GET / HTTP/1.1
        Host:example.amazonaws.com
        My-Header1: value1
        My-Header2: "a   b   c"
        X-Amz-Date:20150830T123600Z
        """#,
      canonical:
        #"""
        GET
        /

        host:example.amazonaws.com
        my-header1:value1
        my-header2:"a b c"
        x-amz-date:20150830T123600Z

        host;my-header1;my-header2;x-amz-date
        e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855
        """#,
      signature: "acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736"),
    SigV4Vector(
      name: "get-relative",
      request:
        #"""
        GET /example/.. HTTP/1.1
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
      name: "get-relative-relative",
      request:
        #"""
        GET /example1/example2/../.. HTTP/1.1
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
      name: "get-slash",
      request:
        #"""
        GET // HTTP/1.1
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
      name: "get-slash-dot-slash",
      request:
        #"""
        GET /./ HTTP/1.1
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
      name: "get-slash-pointless-dot",
      request:
        #"""
        GET /./example HTTP/1.1
        Host:example.amazonaws.com
        X-Amz-Date:20150830T123600Z
        """#,
      canonical:
        #"""
        GET
        /example

        host:example.amazonaws.com
        x-amz-date:20150830T123600Z

        host;x-amz-date
        e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855
        """#,
      signature: "ef75d96142cf21edca26f06005da7988e4f8dc83a165a80865db7089db637ec5"),
    SigV4Vector(
      name: "get-slashes",
      request:
        #"""
        GET //example// HTTP/1.1
        Host:example.amazonaws.com
        X-Amz-Date:20150830T123600Z
        """#,
      canonical:
        #"""
        GET
        /example/

        host:example.amazonaws.com
        x-amz-date:20150830T123600Z

        host;x-amz-date
        e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855
        """#,
      signature: "9a624bd73a37c9a373b5312afbebe7a714a789de108f0bdfe846570885f57e84"),
    SigV4Vector(
      name: "get-space",
      request:
        #"""
        GET /example space/ HTTP/1.1
        Host:example.amazonaws.com
        X-Amz-Date:20150830T123600Z
        """#,
      canonical:
        #"""
        GET
        /example%20space/

        host:example.amazonaws.com
        x-amz-date:20150830T123600Z

        host;x-amz-date
        e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855
        """#,
      signature: "652487583200325589f1fba4c7e578f72c47cb61beeca81406b39ddec1366741"),
    SigV4Vector(
      name: "get-special-character",
      request:
        #"""
        GET /example/$delete HTTP/1.1
        Host:example.amazonaws.com
        X-Amz-Date:20150830T123600Z
        """#,
      canonical:
        #"""
        GET
        /example/%24delete

        host:example.amazonaws.com
        x-amz-date:20150830T123600Z

        host;x-amz-date
        e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855
        """#,
      signature: "a853c9b21b528b19643d00910d35b83a10c366a10833ceefb45edd6c80e40f27"),
  ]
}
