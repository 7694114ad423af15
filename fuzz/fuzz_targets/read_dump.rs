//! Any bytes as an environment dump of every shape: all that is told of them stands in them.

#![no_main]

use keytrail::read::dump::{Shape, dump, recognise};
use keytrail_fuzz::trees::sound;
use libfuzzer_sys::fuzz_target;

const SHAPES: [Shape; 23] = [
    Shape::Env,
    Shape::Nul,
    Shape::Export,
    Shape::Set,
    Shape::CmdSet,
    Shape::PowerShellTable,
    Shape::PowerShellList,
    Shape::PowerShellJson,
    Shape::NodeObject,
    Shape::Json,
    Shape::NodeReport,
    Shape::Python,
    Shape::Ruby,
    Shape::PhpHtml,
    Shape::PhpText,
    Shape::Docker,
    Shape::Kubectl,
    Shape::Systemd,
    Shape::Pm2,
    Shape::Launchctl,
    Shape::Supervisor,
    Shape::JavaCrash,
    Shape::CommandFile,
];

fuzz_target!(|data: &[u8]| {
    let Some((&first, text)) = data.split_first() else { return };
    sound(text, &dump(text, SHAPES[usize::from(first) % SHAPES.len()]));
    if let Some(shape) = recognise(data) {
        sound(data, &dump(data, shape));
    }
});
