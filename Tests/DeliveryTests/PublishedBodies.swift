/// The published examples of the SmsNotif formats, byte for byte, each with its length and SHA-256.
struct PublishedBody {
    let name: String
    let form: String
    let formCount: Int
    let formDigest: String
    let json: String
    let jsonCount: Int
    let jsonDigest: String
}

extension PublishedBody {
    static let sms = PublishedBody(
        name: "sms",
        form: #"""
            secret=b7f1d7a2c0e94f3c8a51&type=sms&data%5Bid%5D=2&data%5Brid%5D=10593&data%5Bsim%5\#
            D=1&data%5Bdevice%5D=00000000-0000-0000-d57d-f30cb6a89289&data%5Bphone%5D=%2B6397607\#
            13666&data%5Bmessage%5D=Hello+World%21&data%5Btimestamp%5D=1645684231
            """#,
        formCount: 237,
        formDigest: "cff3945b5fe254b035a2c921eb00c76437517ac626328fe0c709d46fb3844bfd",
        json: #"""
            {"secret":"b7f1d7a2c0e94f3c8a51","type":"sms","data":{"id":2,"rid":10593,"sim":1,"de\#
            vice":"00000000-0000-0000-d57d-f30cb6a89289","phone":"+639760713666","message":"Hell\#
            o World!","timestamp":1645684231}}
            """#,
        jsonCount: 202,
        jsonDigest: "022c3eae6cbc6b8ce8c7a580ab35a23a6e87be2d0cf73925cef2919ba9f7e17e")

    static let whatsappWithFile = PublishedBody(
        name: "whatsappWithFile",
        form: #"""
            secret=b7f1d7a2c0e94f3c8a51&type=whatsapp&data%5Bid%5D=2&data%5Bwid%5D=%2B6397607136\#
            66&data%5Bphone%5D=%2B639760666713&data%5Bmessage%5D=Hello+World%21&data%5Battachmen\#
            t%5D=http%3A%2F%2Fimageurl.com%2Fimage.jpg&data%5Btimestamp%5D=1645684231
            """#,
        formCount: 241,
        formDigest: "7f6b31a53723ffb48fba3de05d9080abe719df8aab0d2a4e9ac368d6b7c22a9c",
        json: #"""
            {"secret":"b7f1d7a2c0e94f3c8a51","type":"whatsapp","data":{"id":2,"wid":"+6397607136\#
            66","phone":"+639760666713","message":"Hello World!","attachment":"http://imageurl.c\#
            om/image.jpg","timestamp":1645684231}}
            """#,
        jsonCount: 206,
        jsonDigest: "c00aaf5ba84b08fa99e31acb79d8faa77d510d5199f2a6493554f2e564b5cd94")

    static let whatsappWithoutFile = PublishedBody(
        name: "whatsappWithoutFile",
        form: #"""
            secret=b7f1d7a2c0e94f3c8a51&type=whatsapp&data%5Bid%5D=2&data%5Bwid%5D=%2B6397607136\#
            66&data%5Bphone%5D=%2B639760666713&data%5Bmessage%5D=Hello+World%21&data%5Battachmen\#
            t%5D=0&data%5Btimestamp%5D=1645684231
            """#,
        formCount: 205,
        formDigest: "cd413e8ecdcab9d2f82ba29d561ccfed4e745f3bebb5171535b347a27fd8969e",
        json: #"""
            {"secret":"b7f1d7a2c0e94f3c8a51","type":"whatsapp","data":{"id":2,"wid":"+6397607136\#
            66","phone":"+639760666713","message":"Hello World!","attachment":false,"timestamp":\#
            1645684231}}
            """#,
        jsonCount: 180,
        jsonDigest: "86f50cd24c1828438ecebdfbb07077390a666bc31d273bdb0c90365fd7b9d423")

    static let ussd = PublishedBody(
        name: "ussd",
        form: #"""
            secret=b7f1d7a2c0e94f3c8a51&type=ussd&data%5Bid%5D=98&data%5Bsim%5D=1&data%5Bdevice%\#
            5D=00000000-0000-0000-d57d-f30cb6a89289&data%5Bcode%5D=%2A143%23&data%5Bresponse%5D=\#
            Sorry%21+You+are+not+allowed+to+use+this+service.&data%5Btimestamp%5D=1645684231
            """#,
        formCount: 248,
        formDigest: "41e4850846ccd26d3d03fdf17bf156a5ba32dc5c873594b3481255043c42f9b8",
        json: #"""
            {"secret":"b7f1d7a2c0e94f3c8a51","type":"ussd","data":{"id":98,"sim":1,"device":"000\#
            00000-0000-0000-d57d-f30cb6a89289","code":"*143#","response":"Sorry! You are not all\#
            owed to use this service.","timestamp":1645684231}}
            """#,
        jsonCount: 219,
        jsonDigest: "90f6ab4d5575a0ef8f28db1d885c9ff385e83f3df9a52e7a7032e7792924075a")

    static let notification = PublishedBody(
        name: "notification",
        form: #"""
            secret=b7f1d7a2c0e94f3c8a51&type=notification&data%5Bid%5D=77&data%5Bdevice%5D=00000\#
            000-0000-0000-d57d-f30cb6a89289&data%5Bpackage%5D=com.facebook.katana&data%5Btitle%5\#
            D=Someone+commented+on+your+post%21&data%5Bcontent%5D=Someone+commented+on+your+post\#
            %21&data%5Btimestamp%5D=1645684231
            """#,
        formCount: 286,
        formDigest: "c8dc26b7b7693e0f18e7e03aa4e807ce1cc048cac51b721449fc0ef045b79b2d",
        json: #"""
            {"secret":"b7f1d7a2c0e94f3c8a51","type":"notification","data":{"id":77,"device":"000\#
            00000-0000-0000-d57d-f30cb6a89289","package":"com.facebook.katana","title":"Someone c\#
            ommented on your post!","content":"Someone commented on your post!","timestamp":1645\#
            684231}}
            """#,
        jsonCount: 261,
        jsonDigest: "82dd1a938aff4f713537058b3c50ecc83997c33241655aa201ea171e1f094369")

    static let hardCharacters = PublishedBody(
        name: "hardCharacters",
        form: #"""
            secret=b7f1d7a2c0e94f3c8a51&type=sms&data%5Bid%5D=2&data%5Brid%5D=10593&data%5Bsim%5\#
            D=1&data%5Bdevice%5D=00000000-0000-0000-d57d-f30cb6a89289&data%5Bphone%5D=GCash&data\#
            %5Bmessage%5D=C%C3%B3digo%3A+123456+%F0%9F%98%80%0AA%2BB%3DC+%26+100%25+%7Eok%7E+%2A\#
            now%2A+%22x%22+%27y%27+%28z%29+%5Bq%5D+a%2Fb&data%5Btimestamp%5D=1645684231
            """#,
        formCount: 327,
        formDigest: "bb886ad463e111645d95fed33fecda17b48353506489ebab6e5fb06350cb1120",
        json: #"""
            {"secret":"b7f1d7a2c0e94f3c8a51","type":"sms","data":{"id":2,"rid":10593,"sim":1,"de\#
            vice":"00000000-0000-0000-d57d-f30cb6a89289","phone":"GCash","message":"Código: 1234\#
            56 😀\nA+B=C & 100% ~ok~ *now* \"x\" 'y' (z) [q] a/b","timestamp":1645684231}}
            """#,
        jsonCount: 249,
        jsonDigest: "54b20d1ee1f023ca8ac97bd07f6f010c561ff535f89e0036d573ca70422720c0")
}
