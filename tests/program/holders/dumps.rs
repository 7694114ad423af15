//! Dumps of environments in the shapes in which tools print them: each tells the variable that holds a token.

#[cfg(unix)]
use std::process::Command;

use serde_json::{Value, json};

use super::{found, holder, one, sealed, text, told};

/// What tools print, by what the report calls it. The variable that holds the token is called `API_TOKEN`,
/// where nothing else is said.
const SHAPES: [(&str, &str); 24] = [
    (
        "env output",
        "SHELL=/bin/bash\nNVM_INC=/home/ann/.nvm/include/node\nPWD=/home/ann/shop\nLOGNAME=ann\n\
         HOME=/home/ann\nLANG=C.UTF-8\nMOTD=two\nlines of it\nSHLVL=1\nAPI_TOKEN=TOKEN_HERE\n\
         BASH_FUNC_which%%=() {  echo \"$@\"\n}\nPATH=/usr/local/bin:/usr/bin:/bin\n_=/usr/bin/env\n",
    ),
    (
        "NUL-separated environment",
        "SHELL=/bin/bash\0PWD=/home/ann\0HOME=/home/ann\0NOTE=two\nlines\0API_TOKEN=TOKEN_HERE\0\
         PATH=/usr/bin:/bin\0_=/usr/bin/printenv",
    ),
    (
        "export -p output",
        "declare -x HOME=\"/home/ann\"\ndeclare -x LANG=\"C.UTF-8\"\ndeclare -x OLDPWD\n\
         declare -x API_TOKEN=$'a first line\\nTOKEN_HERE\\n'\ndeclare -x PATH=\"/usr/bin:/bin\"\n\
         declare -x PS1=\"\\\\u@\\\\h:\\\\w\\$ \"\ndeclare -x PWD=\"/home/ann\"\n\
         declare -x SHLVL=\"1\"\n",
    ),
    (
        "export -p output",
        "export HOME='/home/ann'\nexport GREETING='it'\"'\"'s\nme'\nexport API_TOKEN='TOKEN_HERE'\n\
         export LOGNAME='ann'\nexport PATH='/usr/bin:/bin'\nexport PWD='/home/ann'\n",
    ),
    (
        "shell set output",
        "BASH=/bin/bash\nBASHOPTS=checkwinsize:cmdhist\nBASH_ALIASES=()\n\
         BASH_VERSINFO=([0]=\"5\" [1]=\"2\" [2]=\"21\" [3]=\"1\" [4]=\"release\" [5]=\"x86_64-pc-linux-gnu\")\n\
         HOME=/home/ann\nIFS=$' \\t\\n'\nAPI_TOKEN=TOKEN_HERE\nPATH=/usr/bin:/bin\nPS4='+ '\n\
         deploy () \n{ \n    echo \"deploying\"\n}\n",
    ),
    (
        "shell set output",
        "HOME='/home/ann'\nIFS=' \t\n'\nAPI_TOKEN='TOKEN_HERE'\nOPTIND='1'\nPATH='/usr/bin:/bin'\n\
         PPID='4711'\nPS1='$ '\nPS2='> '\nPS4='+ '\nPWD='/home/ann'\n",
    ),
    (
        "cmd set output",
        "ALLUSERSPROFILE=C:\\ProgramData\r\nAPI_TOKEN=TOKEN_HERE\r\n\
         CommonProgramFiles(x86)=C:\\Program Files (x86)\\Common Files\r\nCOMPUTERNAME=DESK\r\n\
         ComSpec=C:\\Windows\\system32\\cmd.exe\r\nNUMBER_OF_PROCESSORS=8\r\n\
         PATHEXT=.COM;.EXE;.BAT\r\nUSERNAME=ann\r\nUSERPROFILE=C:\\Users\\ann\r\n",
    ),
    (
        "PowerShell environment table",
        "\r\nName                           Value\r\n\
         ----                           -----\r\n\
         ALLUSERSPROFILE                C:\\ProgramData\r\n\
         API_TOKEN                      TOKEN_HERE\r\n\
         COMPUTERNAME                   DESK\r\n\
         Path                           C:\\Windows\\system32;C:\\Windows;C:\\Windows\\System32\\Wbem;...\r\n\
         USERPROFILE                    C:\\Users\\ann\r\n\r\n",
    ),
    (
        "PowerShell environment list",
        "\r\nName  : ALLUSERSPROFILE\r\nValue : C:\\ProgramData\r\n\r\nName  : API_TOKEN\r\n\
         Value : TOKEN_HERE\r\n\r\nName  : Path\r\nValue : C:\\Windows\\system32;C:\\Windows;C:\\Users\\an\r\n\
         \x20       n\\bin\r\n\r\nName  : USERPROFILE\r\nValue : C:\\Users\\ann\r\n\r\n",
    ),
    (
        "PowerShell environment JSON",
        r#"[
    {
        "PSPath": "Microsoft.PowerShell.Core\\Environment::ALLUSERSPROFILE",
        "PSDrive": "Env",
        "PSProvider": "Microsoft.PowerShell.Core\\Environment",
        "PSIsContainer": false,
        "Key": "ALLUSERSPROFILE",
        "Value": "C:\\ProgramData",
        "Name": "ALLUSERSPROFILE"
    },
    {
        "PSPath": "Microsoft.PowerShell.Core\\Environment::API_TOKEN",
        "PSDrive": "Env",
        "PSProvider": "Microsoft.PowerShell.Core\\Environment",
        "PSIsContainer": false,
        "Key": "API_TOKEN",
        "Value": "TOKEN_HERE",
        "Name": "API_TOKEN"
    }
]"#,
    ),
    (
        "Node process.env",
        "{\n  SHELL: '/bin/bash',\n  HOME: '/home/ann',\n  MOTD: \"it's late\",\n  API_TOKEN: 'TOKEN_HERE',\n  \
         PATH: '/usr/bin:/bin',\n  npm_config_user_agent: 'npm/11.5.1 node/v24.6.0',\n  \
         'npm-version': '11',\n  PWD: '/home/ann'\n}\n",
    ),
    (
        "environment as JSON",
        r#"{"SHELL":"/bin/bash","HOME":"/home/ann","LANG":"C.UTF-8","API_TOKEN":"TOKEN_HERE","PATH":"/usr/bin:/bin","PWD":"/home/ann"}"#,
    ),
    (
        "environment as JSON",
        "{\n  \"SHELL\": \"/bin/bash\",\n  \"HOME\": \"/home/ann\",\n  \"LANG\": \"C.UTF-8\",\n  \
         \"API_TOKEN\": \"TOKEN_HERE\",\n  \"PATH\": \"/usr/bin:/bin\"\n}\n",
    ),
    (
        "Python os.environ",
        "environ({'SHELL': '/bin/bash', 'HOME': '/home/ann', 'MOTD': \"it's late\", 'API_TOKEN': \
         'TOKEN_HERE', 'PATH': '/usr/bin:/bin', 'PWD': '/home/ann'})\n",
    ),
    (
        "Ruby ENV",
        "{\"SHELL\"=>\"/bin/bash\", \"HOME\"=>\"/home/ann\", \"API_TOKEN\"=>\"TOKEN_HERE\", \
         \"PATH\"=>\"/usr/bin:/bin\", \"PWD\"=>\"/home/ann\"}\n",
    ),
    (
        "phpinfo page",
        "<!DOCTYPE html PUBLIC \"-//W3C//DTD XHTML 1.0 Transitional//EN\" \"DTD/xhtml1-transitional.dtd\">\n\
         <html xmlns=\"http://www.w3.org/1999/xhtml\"><head>\n\
         <title>PHP 8.3.6 - phpinfo()</title></head>\n<body><div class=\"center\">\n\
         <h2>Environment</h2>\n<table>\n<tr class=\"h\"><th>Variable</th><th>Value</th></tr>\n\
         <tr><td class=\"e\">HOME </td><td class=\"v\">/home/ann </td></tr>\n\
         <tr><td class=\"e\">API_TOKEN </td><td class=\"v\">TOKEN_HERE </td></tr>\n\
         <tr><td class=\"e\">QUERY </td><td class=\"v\">a&amp;b </td></tr>\n</table>\n\
         </div></body></html>\n",
    ),
    (
        "phpinfo text",
        "phpinfo()\nPHP Version => 8.3.6\n\nSystem => Linux desk 6.8.0\n\nEnvironment\n\n\
         Variable => Value\nHOME => /home/ann\nAPI_TOKEN => TOKEN_HERE\nPATH => /usr/bin:/bin\n\n\
         PHP License\nThis program is free software\n",
    ),
    (
        "docker inspect output",
        r#"[
    {
        "Id": "b6c1f0",
        "State": {"Status": "running", "Pid": 4711},
        "Image": "sha256:0d1e",
        "Config": {
            "Hostname": "b6c1f0",
            "Env": [
                "PATH=/usr/local/sbin:/usr/local/bin",
                "LEVEL=debug",
                "API_TOKEN=TOKEN_HERE"
            ],
            "Cmd": ["serve"]
        }
    }
]
"#,
    ),
    (
        "kubectl describe output",
        "Name:             shop-0\nNamespace:        default\nLabels:           app=shop\n\
         Containers:\n  shop:\n    Container ID:   containerd://b6c1f0\n    \
         Environment Variables from:\n      shop-config  ConfigMap  Optional: false\n    \
         Environment:\n      LEVEL:        debug\n      DB_PASSWORD:  <set to the key 'password' in \
         secret 'shop-db'>  Optional: false\n      API_TOKEN:    TOKEN_HERE\n    Mounts:\n      \
         /var/run/secrets/kubernetes.io/serviceaccount from kube-api-access (ro)\n",
    ),
    (
        "systemd environment",
        "Type=simple\nFragmentPath=/etc/systemd/system/shop.service\n\
         Environment=LEVEL=debug \"GREETING=hello there\" API_TOKEN=TOKEN_HERE\nUMask=0022\n",
    ),
    (
        "systemd environment",
        "HOME=/home/ann\nLANG=C.UTF-8\nLOGNAME=ann\nPATH=/usr/bin:/bin\nAPI_TOKEN=TOKEN_HERE\n\
         MOTD=$'two\\nlines'\nUSER=ann\n",
    ),
    (
        "pm2 process list",
        r#"[
  {
    "name": "shop",
    "pm_exec_path": "/srv/shop/index.js",
    "exec_mode": "fork_mode",
    "env": {
      "HOME": "/home/ann",
      "API_TOKEN": "TOKEN_HERE",
      "PATH": "/usr/bin:/bin",
      "shop": {"unique_id": "0d1e"}
    }
  }
]"#,
    ),
    (
        "launchctl print output",
        "gui/501/org.example.shop = {\n\tactive count = 1\n\tpath = /Users/ann/Library/LaunchAgents/\
         org.example.shop.plist\n\tinherited environment = {\n\t\tSSH_AUTH_SOCK => \
         /private/tmp/launchd/Listeners\n\t}\n\n\tenvironment = {\n\t\tAPI_TOKEN => TOKEN_HERE\n\t\t\
         XPC_SERVICE_NAME => org.example.shop\n\t}\n\n\tdomain = gui/501\n}\n",
    ),
    (
        "Java crash report",
        "#\n# A fatal error has been detected by the Java Runtime Environment:\n#\n#  SIGSEGV (0xb) at \
         pc=0x00007f1b\n#\n\n---------------  S Y S T E M  ---------------\n\n\
         Environment Variables:\nPATH=/usr/bin:/bin\nAPI_TOKEN=TOKEN_HERE\nLANG=C.UTF-8\n\n\
         Signal Handlers:\nSIGSEGV: crash_handler\n",
    ),
];

#[test]
fn every_shape_tells_the_variable() {
    let token = sealed("gitlab-pat-routable");
    let mut wrong = Vec::new();
    for (shape, printed) in SHAPES {
        let findings = found("output.txt", printed.replace("TOKEN_HERE", &token));
        let [finding] = &findings[..] else {
            wrong.push(format!("{shape}: {} findings: {}", findings.len(), told(&findings)));
            continue;
        };
        let is = (text(finding, "secret"), text(finding, "key"), holder(finding));
        if is != (&*token, "API_TOKEN", ("environment", "environment-dump", shape)) {
            wrong.push(format!("{shape}: {is:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[cfg(unix)]
#[test]
fn what_this_machine_prints_tells_the_variable() {
    let token = sealed("gitlab-pat-routable");
    for (shape, program, arguments) in [
        ("env output", "env", &[][..]),
        ("export -p output", "sh", &["-c", "export -p"]),
        ("shell set output", "sh", &["-c", "set"]),
        #[cfg(target_os = "linux")]
        ("NUL-separated environment", "env", &["-0"]),
    ] {
        let mut command = Command::new(program);
        command.args(arguments).env_clear();
        let path = std::env::var_os("PATH").unwrap_or_default();
        command.env("PATH", path).env("HOME", "/home/ann").env("PWD", "/").current_dir("/");
        for (name, value) in [("USER", "ann"), ("LANG", "C"), ("LOGNAME", "ann"), ("SHLVL", "1")] {
            command.env(name, value);
        }
        command.env("MOTD", "it's\n\"two\" `lines`").env("API_TOKEN", &token);
        let printed = command.output().expect("it is there").stdout;
        let finding = one("output.txt", printed);
        assert_eq!((text(&finding, "secret"), text(&finding, "key")), (&*token, "API_TOKEN"));
        assert_eq!(holder(&finding), ("environment", "environment-dump", shape));
    }
}

/// `text` in base64, in lines of `width` characters.
fn wrapped(text: &[u8], width: usize) -> Vec<u8> {
    let signs = base64_simd::STANDARD.encode_to_string(text).into_bytes();
    signs.chunks(width).flat_map(|line| [line, b"\n"].concat()).collect()
}

#[test]
fn rounds_of_base64_do_not_hide_the_variable() {
    let token = sealed("gitlab-pat-routable");
    let dump = json!({
        "SHELL": "/bin/bash", "HOME": "/home/ann", "LANG": "C.UTF-8", "API_TOKEN": token,
        "PATH": "/usr/bin:/bin", "PWD": "/home/ann",
    });
    for width in [76, usize::MAX] {
        let mut printed = dump.to_string().into_bytes();
        for (rounds, how) in [(1, "base64"), (2, "2 rounds of base64"), (3, "3 rounds of base64")] {
            printed = wrapped(&printed, width);
            let finding = one("results.b64", &printed);
            let shape = format!("environment as JSON in {how}");
            assert_eq!((text(&finding, "secret"), text(&finding, "key")), (&*token, "API_TOKEN"));
            assert_eq!(holder(&finding), ("environment", "environment-dump", &*shape));
            assert_eq!(finding["layers"], json!(vec!["base64"; rounds]), "{rounds} {width}");
        }
    }
}

#[test]
fn a_few_assignments_in_a_document_are_no_dump() {
    let token = sealed("gitlab-pat-routable");
    let page = format!(
        "# Shop\n\nSet these first:\n\n```\nHOME=/home/ann\nPATH=/usr/bin:/bin\nAPI_TOKEN={token}\n```\n\n\
         Then start it.\n"
    );
    let finding = one("README.md", page);
    assert_eq!(text(&finding, "secret"), token);
    assert_eq!((&finding["holders"], &finding["key"]), (&Value::Null, &Value::Null));
}
