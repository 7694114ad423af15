//! What each rule that can tell of an owner is expected to tell.

use keytrail::rules::Rule;

use super::clouds::{azure, cask};
use super::samples::{beside, filled, within};
use super::{Case, clouds, jwts, keys, seeds, tokens};

/// Makes credentials of a rule.
type Make = fn(&Rule) -> Vec<Case>;

/// Credentials of every rule that can tell of an owner.
pub const EXPECTED: &[(&str, Make)] = &[
    ("age-identity", seeds::age),
    ("airtable-pat", |_| {
        vec![filled("token: pat0AbCdEfGhIjKlM.{x64}", &[("key_id", "pat0AbCdEfGhIjKlM")])]
    }),
    ("akeyless-key", |r| {
        beside(r, "access_id = \"p-abcd1234efgh\"", &[("principal", "p-abcd1234efgh")])
    }),
    ("anthropic-api-key", |r| beside(r, "", &[("scope", "api")])),
    ("anthropic-admin-key", |r| beside(r, "", &[("scope", "admin")])),
    ("anthropic-enterprise-key", |r| beside(r, "", &[("scope", "enterprise")])),
    ("anthropic-oauth", tokens::anthropic_oauth),
    ("asana-pat", |_| {
        vec![
            filled(
                "asana_token = 1/1201234567890123/1209876543210987:{x32}",
                &[("principal", "1201234567890123"), ("key_id", "1209876543210987")],
            ),
            filled("asana_token = 0/1201234567890123:{x32}", &[("principal", "1201234567890123")]),
        ]
    }),
    ("atlassian-api-token", |r| {
        beside(
            r,
            "ops@acme.example acme-west.atlassian.net",
            &[("principal", "ops@acme.example"), ("tenant", "acme-west.atlassian.net")],
        )
    }),
    ("atlassian-access-token", |r| {
        within(
            r,
            "https://x-token-auth:{}@bitbucket.org/acme-west/site.git",
            &[("tenant", "acme-west")],
        )
    }),
    ("bitbucket-app-password", |r| {
        within(r, "https://acmebot:{}@bitbucket.org/acme/x", &[("principal", "acmebot")])
    }),
    ("auth0-client-secret", |r| {
        beside(
            r,
            "client_id = \"AbCdEfGhIjKlMnOpQrStUvWxYz012345\" acme.eu.auth0.com",
            &[("principal", "AbCdEfGhIjKlMnOpQrStUvWxYz012345"), ("tenant", "acme.eu.auth0.com")],
        )
    }),
    ("auth0-management-token", jwts::auth0_management),
    ("aws-access-key", clouds::aws),
    ("aws-access-key-unnamed", clouds::aws_unnamed),
    ("aws-session-credentials", clouds::aws_session),
    ("aws-bedrock-long", clouds::bedrock_long),
    ("aws-bedrock-short", clouds::bedrock_short),
    ("aws-ses-smtp-password", clouds::ses),
    ("entra-client-secret", tokens::entra),
    ("azure-storage-key", |r| {
        azure(r, "Storage", "AccountName=acmestore", &[("tenant", "acmestore")])
    }),
    ("azure-account-key-unmarked", |r| {
        beside(
            r,
            "AccountName=acmestore;host=acme-db.documents.azure.com",
            &[("tenant", "acmestore"), ("endpoint", "acme-db.documents.azure.com")],
        )
    }),
    ("azure-sas", clouds::azure_sas),
    ("azure-cosmos-key", |r| {
        azure(
            r,
            "Cosmos DB",
            "acme-db.documents.azure.com",
            &[("endpoint", "acme-db.documents.azure.com")],
        )
    }),
    ("azure-function-key", |r| {
        azure(
            r,
            "Functions",
            "acme-app.azurewebsites.net",
            &[("endpoint", "acme-app.azurewebsites.net")],
        )
    }),
    ("azure-search-key", |r| {
        azure(r, "AI Search", "acme.search.windows.net", &[("endpoint", "acme.search.windows.net")])
    }),
    ("azure-batch-key", |r| {
        azure(
            r,
            "Batch",
            "acme.westeurope.batch.azure.com",
            &[("endpoint", "acme.westeurope.batch.azure.com")],
        )
    }),
    ("azure-apim-key", |r| {
        azure(r, "API Management", "acme.azure-api.net", &[("endpoint", "acme.azure-api.net")])
    }),
    ("azure-iot-key", |r| {
        azure(
            r,
            "IoT Hub",
            "HostName=acme.azure-devices.net;SharedAccessKeyName=owner;DeviceId=pump-7",
            &[("endpoint", "acme.azure-devices.net"), ("key_id", "owner"), ("principal", "pump-7")],
        )
    }),
    ("azure-redis-key", clouds::redis),
    ("azure-acr-key", |r| {
        azure(r, "Container Registry", "acme.azurecr.io", &[("endpoint", "acme.azurecr.io")])
    }),
    ("azure-servicebus-key", |r| {
        azure(
            r,
            "Service Bus",
            "acme.servicebus.windows.net;SharedAccessKeyName=reader",
            &[("endpoint", "acme.servicebus.windows.net"), ("key_id", "reader")],
        )
    }),
    ("azure-eventhub-key", |r| {
        azure(
            r,
            "Event Hubs",
            "acme.servicebus.windows.net;SharedAccessKeyName=reader",
            &[("endpoint", "acme.servicebus.windows.net"), ("key_id", "reader")],
        )
    }),
    ("azure-relay-key", |r| {
        azure(
            r,
            "Relay",
            "acme.servicebus.windows.net;SharedAccessKeyName=reader",
            &[("endpoint", "acme.servicebus.windows.net"), ("key_id", "reader")],
        )
    }),
    ("azure-eventgrid-key", |r| {
        cask(
            r,
            "Azure Event Grid",
            "acme-topic.westeurope-1.eventgrid.azure.net",
            &[("endpoint", "acme-topic.westeurope-1.eventgrid.azure.net")],
        )
    }),
    ("azure-eventgrid-key-older", |r| {
        beside(
            r,
            "acme-topic.westeurope-1.eventgrid.azure.net",
            &[("endpoint", "acme-topic.westeurope-1.eventgrid.azure.net")],
        )
    }),
    ("azure-ai-services-key", |r| {
        cask(
            r,
            "Azure AI services",
            "acme.openai.azure.com",
            &[("endpoint", "acme.openai.azure.com")],
        )
    }),
    ("azure-appconfig-key", |r| {
        cask(
            r,
            "Azure App Configuration",
            "Endpoint=https://acme.azconfig.io;Id=ab12-l0-s0:xyz",
            &[("endpoint", "acme.azconfig.io"), ("key_id", "ab12-l0-s0:xyz")],
        )
    }),
    ("azure-maps-key", |r| cask(r, "Azure Maps", "", &[])),
    ("azure-communication-key", |r| {
        cask(
            r,
            "Azure Communication Services",
            "acme.europe.communication.azure.com",
            &[("endpoint", "acme.europe.communication.azure.com")],
        )
    }),
    ("azure-fluid-key", |r| cask(r, "Azure Fluid Relay", "", &[])),
    ("azure-mixed-reality-key", |r| cask(r, "Azure Mixed Reality", "", &[])),
    ("azure-ml-classic-key", |r| azure(r, "Machine Learning (classic)", "", &[])),
    ("azure-devops-pat", |r| {
        cask(r, "Azure DevOps", "https://dev.azure.com/acme-west", &[("tenant", "acme-west")])
    }),
    ("azure-devops-pat-legacy", clouds::devops_legacy),
    ("bitwarden-sm-token", tokens::bitwarden),
    ("bitwarden-api-client", |r| {
        beside(
            r,
            "client: organization.0123abcd-4567-4bcd-8def-0123456789ab",
            &[("principal", "organization.0123abcd-4567-4bcd-8def-0123456789ab")],
        )
    }),
    ("clickup-key", |_| vec![filled("token: pk_81234567_{A32}", &[("principal", "81234567")])]),
    ("cloudflare-user-token", |r| {
        beside(
            r,
            "account_id = \"0f1e2d3c4b5a69788796a5b4c3d2e1f0\"",
            &[("tenant", "0f1e2d3c4b5a69788796a5b4c3d2e1f0")],
        )
    }),
    ("cloudflare-account-token", |r| {
        beside(
            r,
            "account_id = \"0f1e2d3c4b5a69788796a5b4c3d2e1f0\"",
            &[("tenant", "0f1e2d3c4b5a69788796a5b4c3d2e1f0")],
        )
    }),
    ("cloudflare-global-key", |r| {
        beside(r, "X-Auth-Email: ops@acme.example", &[("principal", "ops@acme.example")])
    }),
    ("cloudflare-token-legacy", |r| {
        beside(
            r,
            "account_id = \"0f1e2d3c4b5a69788796a5b4c3d2e1f0\"",
            &[("tenant", "0f1e2d3c4b5a69788796a5b4c3d2e1f0")],
        )
    }),
    ("cloudflare-global-key-legacy", |r| {
        beside(r, "X-Auth-Email: ops@acme.example", &[("principal", "ops@acme.example")])
    }),
    ("confluent-secret", |r| {
        beside(
            r,
            "api_key = ABCDEFGH12345678 pkc-x1y2z.eu-west-1.aws.confluent.cloud",
            &[
                ("key_id", "ABCDEFGH12345678"),
                ("endpoint", "pkc-x1y2z.eu-west-1.aws.confluent.cloud"),
            ],
        )
    }),
    ("confluent-secret-legacy", |r| {
        beside(
            r,
            "api_key = ABCDEFGH12345678 pkc-x1y2z.eu-west-1.aws.confluent.cloud",
            &[
                ("key_id", "ABCDEFGH12345678"),
                ("endpoint", "pkc-x1y2z.eu-west-1.aws.confluent.cloud"),
            ],
        )
    }),
    ("databricks-pat", |r| {
        beside(
            r,
            "https://adb-1234567890123456.7.azuredatabricks.net/",
            &[("endpoint", "adb-1234567890123456.7.azuredatabricks.net")],
        )
    }),
    ("datadog-api-key", |r| {
        beside(r, "DD_SITE=us5.datadoghq.com", &[("endpoint", "us5.datadoghq.com")])
    }),
    ("datadog-app-key", |r| beside(r, "DD_SITE=datadoghq.eu", &[("endpoint", "datadoghq.eu")])),
    ("digitalocean-spaces", |r| {
        beside(
            r,
            "id: DO00ABCDEFGHIJ234567 https://box.fra1.digitaloceanspaces.com",
            &[("key_id", "DO00ABCDEFGHIJ234567"), ("endpoint", "box.fra1.digitaloceanspaces.com")],
        )
    }),
    ("discord-bot", tokens::discord_bot),
    ("discord-webhook", tokens::discord_webhook),
    ("discord-client-secret", |r| {
        beside(r, "client_id = 1323802873036931079", &[("principal", "1323802873036931079")])
    }),
    ("docker-hub-pat", |r| beside(r, "docker login -u acmebot", &[("principal", "acmebot")])),
    ("docker-hub-oat", |r| beside(r, "docker login --username acmeorg", &[("tenant", "acmeorg")])),
    ("doppler-token", |_| {
        vec![
            filled("token: dp.st.prd_west.{43}", &[("scope", "prd_west")]),
            filled("token: dp.pt.{43}", &[]),
        ]
    }),
    ("drone-token", |r| {
        beside(
            r,
            "DRONE_SERVER=https://drone.acme.example:8443",
            &[("endpoint", "https://drone.acme.example:8443")],
        )
    }),
    ("fly-token", tokens::fly),
    ("gcp-service-account-key", keys::service_account),
    ("gcp-api-key", |r| beside(r, "project_id = \"acme-west-7\"", &[("tenant", "acme-west-7")])),
    ("github-pat-classic", |r| {
        within(r, "https://{}@git.acme.example/x", &[("endpoint", "git.acme.example")])
    }),
    ("github-pat-fine-grained", tokens::github_fine_grained),
    ("github-oauth", |r| {
        within(
            r,
            "https://{}@git.acme.example/x\nclient_id = Iv1.0123456789abcdef",
            &[("endpoint", "git.acme.example"), ("principal", "Iv1.0123456789abcdef")],
        )
    }),
    ("github-app-user", |r| {
        within(
            r,
            "https://x:{}@git.acme.example/x\nclient_id = Iv23abcdEFGH0123wxyz",
            &[("endpoint", "git.acme.example"), ("principal", "Iv23abcdEFGH0123wxyz")],
        )
    }),
    ("github-app-refresh", |r| {
        beside(r, "client_id = Iv23abcdEFGH0123wxyz", &[("principal", "Iv23abcdEFGH0123wxyz")])
    }),
    ("github-app-installation", |r| {
        within(
            r,
            "https://x-access-token:{}@git.acme.example/x",
            &[("endpoint", "git.acme.example")],
        )
    }),
    ("github-app-installation-jwt", jwts::github_app),
    ("github-client-secret", |r| {
        beside(r, "client_id = 0123456789abcdef0123", &[("principal", "0123456789abcdef0123")])
    }),
    ("github-app-private-key", |r| keys::rsa(r, "APP_ID=135791", &[("principal", "135791")])),
    ("gitlab-pat", |r| {
        within(r, "https://oauth2:{}@gitlab.acme.example/x", &[("endpoint", "gitlab.acme.example")])
    }),
    ("gitlab-pat-routable", tokens::gitlab_user),
    ("gitlab-runner-auth", |r| {
        beside(r, "url = \"https://gitlab.acme.example\"", &[("endpoint", "gitlab.acme.example")])
    }),
    ("gitlab-runner-auth-routable", tokens::gitlab_runner),
    ("gitlab-deploy", |r| {
        beside(r, "login gitlab+deploy-token-42", &[("principal", "gitlab+deploy-token-42")])
    }),
    ("gitlab-ci-job", jwts::gitlab_job),
    ("gitlab-oauth-app-secret", |r| {
        beside(
            r,
            "client_id = 0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a69788796a5b4c3d2e1f0",
            &[("principal", "0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a69788796a5b4c3d2e1f0")],
        )
    }),
    ("google-oauth-client-secret", |r| {
        beside(
            r,
            "123456789012-abcdefghijklmnopqrstuvwxyz012345.apps.googleusercontent.com",
            &[
                ("tenant", "123456789012"),
                (
                    "principal",
                    "123456789012-abcdefghijklmnopqrstuvwxyz012345.apps.googleusercontent.com",
                ),
            ],
        )
    }),
    ("google-oauth-refresh", |r| {
        beside(
            r,
            "123456789012-abcdefghijklmnopqrstuvwxyz012345.apps.googleusercontent.com",
            &[
                ("tenant", "123456789012"),
                (
                    "principal",
                    "123456789012-abcdefghijklmnopqrstuvwxyz012345.apps.googleusercontent.com",
                ),
            ],
        )
    }),
    ("gcp-adc-user", |r| {
        beside(
            r,
            "\"account\": \"ops@acme.example\", \"quota_project_id\": \"acme-west-7\"",
            &[("principal", "ops@acme.example"), ("tenant", "acme-west-7")],
        )
    }),
    ("gcp-hmac", clouds::gcp_hmac),
    ("grafana-service-account", |r| {
        beside(r, "https://acme.grafana.net", &[("endpoint", "acme.grafana.net")])
    }),
    ("grafana-cloud-token", tokens::grafana_cloud),
    ("grafana-api-key-legacy", tokens::grafana_legacy),
    ("harness-pat", tokens::object_id),
    ("vault-service-token", tokens::vault),
    ("vault-batch-token", |r| {
        beside(
            r,
            "VAULT_ADDR=https://vault.acme.example:8200",
            &[("endpoint", "https://vault.acme.example:8200")],
        )
    }),
    ("vault-recovery-token", |r| {
        beside(
            r,
            "VAULT_ADDR=https://vault.acme.example:8200",
            &[("endpoint", "https://vault.acme.example:8200")],
        )
    }),
    ("vault-token-legacy", |r| {
        beside(
            r,
            "VAULT_ADDR=https://vault.acme.example:8200",
            &[("endpoint", "https://vault.acme.example:8200")],
        )
    }),
    ("vault-approle", |r| {
        beside(
            r,
            "role_id = 0123abcd-4567-4bcd-8def-0123456789ab\nVAULT_ADDR=https://vault.acme.example:8200",
            &[
                ("principal", "0123abcd-4567-4bcd-8def-0123456789ab"),
                ("endpoint", "https://vault.acme.example:8200"),
            ],
        )
    }),
    ("terraform-cloud-token", |r| {
        beside(
            r,
            "credentials \"app.terraform.example\" {}",
            &[("endpoint", "app.terraform.example")],
        )
    }),
    ("infisical-service-token", |_| {
        vec![
            filled(
                "token: st.0123456789abcdef01234567.{x32}.{x32}",
                &[("key_id", "0123456789abcdef01234567")],
            ),
            filled(
                "token: st.0123abcd-4567-4bcd-8def-0123456789ab.{x32}.{x32}",
                &[("key_id", "0123abcd-4567-4bcd-8def-0123456789ab")],
            ),
        ]
    }),
    ("jenkins-token", |r| {
        beside(
            r,
            "JENKINS_USER=builder\nJENKINS_URL=https://ci.acme.example:8443",
            &[("principal", "builder"), ("endpoint", "https://ci.acme.example:8443")],
        )
    }),
    ("jfrog-api-key", |r| beside(r, "https://acme.jfrog.io", &[("endpoint", "acme.jfrog.io")])),
    ("jfrog-reference-token", tokens::jfrog_reference),
    ("jfrog-access-token", jwts::jfrog_access),
    ("jwk-private", keys::jwk),
    ("k8s-service-account-jwt", jwts::kubernetes),
    ("k8s-bootstrap-token", |_| {
        vec![filled(
            "kubeadm join bootstrap_token: ab12cd.x7k2m9q4w8z3r5t1",
            &[("key_id", "ab12cd")],
        )]
    }),
    ("kubeconfig-client-key", keys::kubeconfig),
    ("langfuse-secret-key", |r| {
        beside(
            r,
            "pk-lf-0123abcd-4567-4bcd-8def-0123456789ab\nLANGFUSE_HOST=https://cloud.langfuse.example",
            &[
                ("key_id", "pk-lf-0123abcd-4567-4bcd-8def-0123456789ab"),
                ("endpoint", "https://cloud.langfuse.example"),
            ],
        )
    }),
    ("mailchimp-key", |_| vec![filled("mailchimp_api_key = {x32}-us14", &[("endpoint", "us14")])]),
    ("mailgun-key", |r| {
        beside(
            r,
            "https://api.mailgun.net/v3/mail.acme.example/messages",
            &[("endpoint", "mail.acme.example")],
        )
    }),
    ("mailgun-hex-key", |r| {
        beside(
            r,
            "https://api.eu.mailgun.net/v3/mail.acme.example/messages",
            &[("endpoint", "mail.acme.example")],
        )
    }),
    ("teams-webhook", |_| {
        vec![filled(
            "https://acme.webhook.office.com/webhookb2/0123abcd-4567-4bcd-8def-0123456789ab@fedcba98-7654-4321-8fed-cba987654321/IncomingWebhook/{x32}/ba987654-1111-4111-8111-111111111111",
            &[
                ("scope", "0123abcd-4567-4bcd-8def-0123456789ab"),
                ("tenant", "fedcba98-7654-4321-8fed-cba987654321"),
                ("principal", "ba987654-1111-4111-8111-111111111111"),
            ],
        )]
    }),
    ("power-automate-url", |_| {
        vec![filled(
            "https://prod-12.westeurope.logic.azure.com:443/workflows/0f1e2d3c4b5a69788796a5b4c3d2e1f0/triggers/manual/paths/invoke?api-version=2016-06-01&sp=%2Ftriggers%2Fmanual%2Frun&sv=1.0&sig={42}A",
            &[
                ("endpoint", "prod-12.westeurope.logic.azure.com"),
                ("key_id", "0f1e2d3c4b5a69788796a5b4c3d2e1f0"),
            ],
        )]
    }),
    ("monday-token", jwts::monday),
    ("nats-seed", seeds::nats),
    ("newrelic-license-key", |_| {
        vec![
            filled("key: eu01xx{x26}FFFFNRAL", &[("endpoint", "eu01")]),
            filled("key: {x36}NRAL", &[]),
        ]
    }),
    ("nostr-nsec", seeds::nostr),
    ("npm-token", |r| {
        beside(r, "//npm.acme.example/:_authToken=x", &[("endpoint", "npm.acme.example")])
    }),
    ("npm-token-legacy", |r| {
        beside(r, "//npm.acme.example/:_authToken=x", &[("endpoint", "npm.acme.example")])
    }),
    ("nuget-v4", tokens::nuget_v4),
    ("nuget-v5", tokens::nuget_v5),
    ("okta-api-token", |r| {
        beside(r, "https://acme-west.okta.com", &[("tenant", "acme-west.okta.com")])
    }),
    ("okta-client-secret", |r| {
        beside(
            r,
            "https://acme-west.oktapreview.com client_id=0oaAbCdEfGhIjKlMnOpQ",
            &[("tenant", "acme-west.oktapreview.com"), ("principal", "0oaAbCdEfGhIjKlMnOpQ")],
        )
    }),
    ("onepassword-service-account", tokens::onepassword),
    ("openai-key", |r| {
        beside(r, "org-AbCdEfGhIjKlMnOpQrStUvWx", &[("tenant", "org-AbCdEfGhIjKlMnOpQrStUvWx")])
    }),
    ("openai-project-key", |r| {
        beside(
            r,
            "proj_AbCdEfGhIjKlMnOpQrStUvWx",
            &[("tenant", "proj_AbCdEfGhIjKlMnOpQrStUvWx"), ("scope", "project")],
        )
    }),
    ("openai-service-account-key", |r| {
        beside(
            r,
            "proj_AbCdEfGhIjKlMnOpQrStUvWx",
            &[("tenant", "proj_AbCdEfGhIjKlMnOpQrStUvWx"), ("scope", "service account")],
        )
    }),
    ("openai-admin-key", |r| {
        beside(
            r,
            "org-AbCdEfGhIjKlMnOpQrStUvWx",
            &[("tenant", "org-AbCdEfGhIjKlMnOpQrStUvWx"), ("scope", "admin")],
        )
    }),
    ("postman-key", tokens::object_id),
    ("openssh-key", keys::openssh),
    ("pem-dsa", keys::dsa),
    ("pem-ec", keys::ec),
    ("pem-pkcs8", keys::pkcs8),
    ("pem-rsa", |r| keys::rsa(r, "", &[])),
    ("pgp-private-key", keys::pgp),
    ("putty-key", keys::putty),
    ("pypi-token", tokens::pypi),
    ("sendgrid-key", |_| {
        vec![filled(
            "token: SG.aBcDeFgHiJkLmNoPqRsTuV.{43}",
            &[("key_id", "aBcDeFgHiJkLmNoPqRsTuV")],
        )]
    }),
    ("sentry-org-token", tokens::sentry),
    ("sentry-user-token", |r| beside(r, "SENTRY_ORG=acme-west", &[("tenant", "acme-west")])),
    ("sentry-integration-token", |r| beside(r, "SENTRY_ORG=acme-west", &[("tenant", "acme-west")])),
    ("sentry-legacy-token", |r| beside(r, "SENTRY_ORG=acme-west", &[("tenant", "acme-west")])),
    ("shopify-access-token", |r| {
        beside(r, "acme-shop.myshopify.com", &[("tenant", "acme-shop.myshopify.com")])
    }),
    ("shopify-custom-app", |r| {
        beside(r, "acme-shop.myshopify.com", &[("tenant", "acme-shop.myshopify.com")])
    }),
    ("shopify-private-app", |r| {
        beside(r, "acme-shop.myshopify.com", &[("tenant", "acme-shop.myshopify.com")])
    }),
    ("shopify-app-secret", |r| {
        beside(
            r,
            "SHOPIFY_API_KEY=0f1e2d3c4b5a69788796a5b4c3d2e1f0",
            &[("principal", "0f1e2d3c4b5a69788796a5b4c3d2e1f0")],
        )
    }),
    ("slack-bot", |_| {
        vec![
            filled(
                "token: xoxb-417290635518-529031847265-{24}",
                &[("tenant", "417290635518"), ("principal", "529031847265")],
            ),
            filled("token: xoxe.xoxb-1-{160}", &[]),
        ]
    }),
    ("slack-user", |_| {
        vec![filled(
            "token: xoxp-417290635518-529031847265-631142958376-{x32}",
            &[("tenant", "417290635518"), ("principal", "529031847265")],
        )]
    }),
    ("slack-legacy", |_| {
        vec![filled(
            "token: xoxs-417290635518-529031847265-631142958376-{x40}",
            &[("tenant", "417290635518"), ("principal", "529031847265")],
        )]
    }),
    ("slack-app-level", |_| {
        vec![filled(
            "token: xapp-1-A04BC7DE9F2-4172906355181-{x64}",
            &[("principal", "A04BC7DE9F2")],
        )]
    }),
    ("slack-session", |_| {
        vec![filled(
            "token: xoxc-417290635518-529031847265-631142958376-{x64}",
            &[("tenant", "417290635518"), ("principal", "529031847265")],
        )]
    }),
    ("slack-webhook", |_| {
        vec![filled(
            "https://hooks.slack.com/services/T04BC7DE9F2/B05CD8EF0G3/{24}",
            &[("tenant", "T04BC7DE9F2"), ("key_id", "B05CD8EF0G3")],
        )]
    }),
    ("slack-workflow-webhook", |_| {
        vec![filled(
            "https://hooks.slack.com/workflows/T04BC7DE9F2/A06DE9FG1H4/417290635518529/{24}",
            &[("tenant", "T04BC7DE9F2"), ("key_id", "417290635518529")],
        )]
    }),
    ("snowflake-pat", |r| {
        beside(
            r,
            "acme-west1.snowflakecomputing.com SNOWFLAKE_USER=ETL_BOT",
            &[("tenant", "acme-west1"), ("principal", "ETL_BOT")],
        )
    }),
    ("snowflake-keypair", |r| {
        keys::rsa(
            r,
            "acme-west1.snowflakecomputing.com SNOWFLAKE_USER=ETL_BOT",
            &[("tenant", "acme-west1"), ("principal", "ETL_BOT")],
        )
    }),
    ("solana-key", seeds::solana),
    ("stellar-seed", seeds::stellar),
    ("stripe-secret-key", |r| {
        beside(
            r,
            "acct_1AbCdEfGhIjKlMnO",
            &[("tenant", "acct_1AbCdEfGhIjKlMnO"), ("scope", "live")],
        )
    }),
    ("stripe-restricted-key", |r| {
        beside(
            r,
            "acct_1AbCdEfGhIjKlMnO",
            &[("tenant", "acct_1AbCdEfGhIjKlMnO"), ("scope", "live")],
        )
    }),
    ("stripe-test-key", |r| {
        beside(
            r,
            "acct_1AbCdEfGhIjKlMnO",
            &[("tenant", "acct_1AbCdEfGhIjKlMnO"), ("scope", "test")],
        )
    }),
    ("stripe-webhook-secret", |r| {
        beside(r, "we_1AbCdEfGhIjKlMnOpQrStUvW", &[("key_id", "we_1AbCdEfGhIjKlMnOpQrStUvW")])
    }),
    ("stripe-org-key", |_| {
        vec![
            filled(
                "key: sk_org_live_{60}\nacct_1AbCdEfGhIjKlMnO",
                &[("tenant", "acct_1AbCdEfGhIjKlMnO"), ("scope", "live")],
            ),
            filled("key: sk_org_test_{60}", &[("scope", "test")]),
            filled("key: sk_org_{60}", &[]),
        ]
    }),
    ("supabase-secret-key", tokens::supabase_secret),
    ("supabase-service-role-jwt", jwts::supabase_role),
    ("supabase-db-url", tokens::supabase_url),
    ("tailscale-api-key", tokens::tailscale),
    ("tailscale-auth-key", tokens::tailscale),
    ("tailscale-oauth-secret", tokens::tailscale),
    ("tailscale-scim", tokens::tailscale),
    ("tailscale-webhook", tokens::tailscale),
    ("teamcity-token", |r| {
        beside(
            r,
            "TEAMCITY_URL=https://ci.acme.example",
            &[("endpoint", "https://ci.acme.example")],
        )
    }),
    ("telegram-bot", |_| vec![filled("token: 7412905638:AA{33}", &[("principal", "7412905638")])]),
    ("twilio-auth-token", |r| {
        beside(
            r,
            "AC0f1e2d3c4b5a69788796a5b4c3d2e1f0",
            &[("tenant", "AC0f1e2d3c4b5a69788796a5b4c3d2e1f0")],
        )
    }),
    ("twilio-api-key", |r| {
        beside(
            r,
            "SK0f1e2d3c4b5a69788796a5b4c3d2e1f0 AC0f1e2d3c4b5a69788796a5b4c3d2e1f0",
            &[
                ("key_id", "SK0f1e2d3c4b5a69788796a5b4c3d2e1f0"),
                ("tenant", "AC0f1e2d3c4b5a69788796a5b4c3d2e1f0"),
            ],
        )
    }),
    ("vercel-pat", |r| {
        beside(
            r,
            "VERCEL_ORG_ID=team_AbCdEfGhIjKlMnOpQrStUvWx",
            &[("tenant", "team_AbCdEfGhIjKlMnOpQrStUvWx")],
        )
    }),
    ("vercel-integration", |r| {
        beside(
            r,
            "VERCEL_ORG_ID=team_AbCdEfGhIjKlMnOpQrStUvWx",
            &[("tenant", "team_AbCdEfGhIjKlMnOpQrStUvWx")],
        )
    }),
    ("vercel-app-access", |r| {
        beside(
            r,
            "VERCEL_ORG_ID=team_AbCdEfGhIjKlMnOpQrStUvWx",
            &[("tenant", "team_AbCdEfGhIjKlMnOpQrStUvWx")],
        )
    }),
    ("vercel-app-refresh", |r| {
        beside(
            r,
            "VERCEL_ORG_ID=team_AbCdEfGhIjKlMnOpQrStUvWx",
            &[("tenant", "team_AbCdEfGhIjKlMnOpQrStUvWx")],
        )
    }),
    ("vercel-ai-gateway", |r| {
        beside(
            r,
            "VERCEL_ORG_ID=team_AbCdEfGhIjKlMnOpQrStUvWx",
            &[("tenant", "team_AbCdEfGhIjKlMnOpQrStUvWx")],
        )
    }),
    ("vercel-legacy", |r| {
        beside(
            r,
            "VERCEL_ORG_ID=team_AbCdEfGhIjKlMnOpQrStUvWx",
            &[("tenant", "team_AbCdEfGhIjKlMnOpQrStUvWx")],
        )
    }),
    ("bip32-xprv", seeds::extended),
    ("wireguard-key", seeds::wireguard),
    ("wireguard-psk", |r| {
        beside(
            r,
            "[Peer]\nEndpoint = vpn.acme.example:51820",
            &[("endpoint", "vpn.acme.example:51820")],
        )
    }),
    ("xata-key", tokens::xata),
];
