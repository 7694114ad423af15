//! Links that install servers, and configurations in variables: what they carry is found where they stand.

use serde_json::{Value, json};

use super::{found, holder, one, random, text, told};

/// How a link carries a configuration.
#[derive(Clone, Copy)]
enum Carried {
    Base64,
    Percent,
}

/// Links in the ways in which pages write them, `CONFIG` being the configuration.
const LINKS: [(&str, &str, Carried); 8] = [
    (
        "cursor",
        "[Add](cursor://anysphere.cursor-deeplink/mcp/install?name=shop&config=CONFIG)",
        Carried::Base64,
    ),
    (
        "cursor",
        "[![Add](https://cursor.com/deeplink/mcp-install-dark.svg)](https://cursor.com/en/install-mcp?name=shop&config=CONFIG)",
        Carried::Base64,
    ),
    (
        "cursor",
        "<a href=\"https://cursor.com/install-mcp?name=shop&amp;config=CONFIG\">Add</a>",
        Carried::Base64,
    ),
    ("vscode", "[Install](vscode:mcp/install?CONFIG)", Carried::Percent),
    ("vscode", "<vscode-insiders:mcp/install?CONFIG>", Carried::Percent),
    (
        "vscode",
        "[Install](https://insiders.vscode.dev/redirect/mcp/install?name=shop&config=CONFIG)",
        Carried::Percent,
    ),
    ("lm-studio", "lmstudio://add_mcp?name=shop&config=CONFIG", Carried::Base64),
    ("kiro", "https://kiro.dev/launch/mcp/add?name=shop&config=CONFIG", Carried::Percent),
];

/// A page with a link that gives a server this value.
fn page(link: &str, carried: Carried, value: &str) -> String {
    let config = json!({
        "name": "shop", "command": "npx", "args": ["-y", "shop-mcp"], "env": {"SHOP_API_KEY": value}
    });
    let config = config.to_string();
    let plain = |b: u8| match b.is_ascii_alphanumeric() {
        true => char::from(b).to_string(),
        false => format!("%{b:02X}"),
    };
    let written = match carried {
        Carried::Base64 => base64_simd::STANDARD.encode_to_string(&config),
        Carried::Percent => config.bytes().map(plain).collect(),
    };
    format!("# Shop\n\nA server.\n\n{}\n\nThat is all.\n", link.replace("CONFIG", &written))
}

#[test]
fn a_literal_in_a_link_is_found_and_a_stand_in_is_not() {
    let value = random(21);
    let mut wrong = Vec::new();
    for (tool, link, carried) in LINKS {
        let findings = found("README.md", page(link, carried, &value));
        let [finding] = &findings[..] else {
            wrong.push(format!("{link}: {} findings{}", findings.len(), told(&findings)));
            continue;
        };
        let is = (text(finding, "secret"), text(finding, "rule"), holder(finding));
        if is != (&*value, "literal-in-secret-field", ("mcp-server", tool, "shop")) {
            wrong.push(format!("{link}: {is:?}"));
        }
        assert_eq!(finding["line"], 5);
        for stand_in in ["YOUR_API_KEY", "<your-key>", "${SHOP_API_KEY}", "${input:key}"] {
            let findings = found("README.md", page(link, carried, stand_in));
            if !findings.is_empty() {
                wrong.push(format!("{link}: {stand_in}{}", told(&findings)));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_configuration_in_a_variable_is_read() {
    let value = random(22);
    let config = json!({"mcp": {"shop": {
        "type": "remote", "url": "https://shop.example.org/mcp",
        "headers": {"Authorization": format!("Bearer {value}")},
    }}});
    let finding = one(".env", format!("PORT=80\nOPENCODE_CONFIG_CONTENT='{config}'\n"));
    assert_eq!(text(&finding, "secret"), value);
    assert_eq!(text(&finding, "rule"), "literal-in-secret-field");
    assert_eq!(holder(&finding), ("environment", "dotenv", ""));
    let config = config.to_string().replace(&value, "{env:SHOP_TOKEN}");
    let text = format!("PORT=80\nOPENCODE_CONFIG_CONTENT='{config}'\n");
    assert_eq!(found(".env", text), Vec::<Value>::new());
}
