//! Opening what holds several things: archives, compressed files, images, databases.

pub mod sqlite;
