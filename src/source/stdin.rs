//! Standard input, and whether there is one.

use std::io::{self, Read};

/// Opens standard input; fails if the program was started without one.
#[cfg(unix)]
pub fn standard_input() -> io::Result<Box<dyn Read>> {
    use std::fs::File;
    use std::os::fd::AsFd;
    let file = File::from(io::stdin().as_fd().try_clone_to_owned()?);
    if is_stand_in(&file)? {
        return Err(io::Error::other("standard input is closed"));
    }
    Ok(Box::new(file))
}

/// Opens standard input.
#[cfg(not(unix))]
pub fn standard_input() -> io::Result<Box<dyn Read>> {
    Ok(Box::new(io::stdin().lock()))
}

/// Whether `file` is what Rust's runtime opens where a program was started with standard input closed: the
/// null device, for reading and writing.
#[cfg(unix)]
fn is_stand_in(file: &std::fs::File) -> io::Result<bool> {
    use rustix::fs::{OFlags, fcntl_getfl};
    use std::os::unix::fs::{FileTypeExt, MetadataExt};
    let about = file.metadata()?;
    let is_null = about.file_type().is_char_device()
        && std::fs::metadata("/dev/null").is_ok_and(|null| null.rdev() == about.rdev());
    Ok(is_null && fcntl_getfl(file)?.contains(OFlags::RDWR))
}
