import Events
import Testing

@testable import Delivery

/// Every published example of the SmsNotif formats, made by the body writer.
@Suite struct PublishedBodyTests {
    @Test func sms() {
        expect(
            .sms,
            event(2, EventContent(SMSMessage(rowID: 10593, sender: "+639760713666", body: "Hello World!"))))
    }

    @Test func whatsappWithFile() {
        expect(
            .whatsappWithFile,
            event(
                2,
                EventContent(
                    ChatMessage(
                        account: "+639760713666", sender: "+639760666713", group: nil, text: "Hello World!",
                        attachment: "http://imageurl.com/image.jpg"))),
            extended: true)
    }

    @Test func whatsappWithoutFile() {
        expect(
            .whatsappWithoutFile,
            event(
                2,
                EventContent(
                    ChatMessage(
                        account: "+639760713666", sender: "+639760666713", group: nil, text: "Hello World!"))),
            extended: true)
    }

    @Test func ussd() {
        expect(
            .ussd,
            event(
                98,
                EventContent(
                    USSDAnswer(
                        code: "*143#", response: "Sorry! You are not allowed to use this service."))))
    }

    @Test func notification() {
        let words = "Someone commented on your post!"
        expect(
            .notification,
            event(
                77,
                EventContent(
                    PostedNotification(package: "com.facebook.katana", title: words, content: words))))
    }

    @Test func hardCharacters() {
        let body = "Código: 123456 😀\nA+B=C & 100% ~ok~ *now* \"x\" 'y' (z) [q] a/b"
        expect(.hardCharacters, event(2, EventContent(SMSMessage(rowID: 10593, sender: "GCash", body: body))))
    }

    private func expect(_ published: PublishedBody, _ event: Event, extended: Bool = false) {
        let fields = SmsNotif.fields(of: event, extended: extended)
        let form = FrozenBody(FormWriter.encode(fields), contentType: FormWriter.contentType)
        #expect(form.contentType == "application/x-www-form-urlencoded")
        expect(
            BodyFormat.smsnotif.fill(form, secret: exampleSecret), text: published.form,
            count: published.formCount, digest: published.formDigest)
        let json = FrozenBody(JSONWriter.encode(fields), contentType: JSONWriter.contentType)
        #expect(json.contentType == "application/json")
        expect(
            BodyFormat.smsnotifJSON.fill(json, secret: exampleSecret), text: published.json,
            count: published.jsonCount, digest: published.jsonDigest)
        if !extended {
            #expect(BodyFormat.smsnotif.body(of: event) == form)
            #expect(BodyFormat.smsnotifJSON.body(of: event) == json)
        }
        for frozen in [form, json] { #expect(!text(frozen.bytes).contains(exampleSecret)) }
    }

    private func expect(_ bytes: [UInt8], text expected: String, count: Int, digest: String) {
        #expect(text(bytes) == expected)
        #expect(bytes.count == count)
        #expect(sha256(bytes) == digest)
    }
}
