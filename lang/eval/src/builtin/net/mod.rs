//! `std.net`: IP addresses and networks.

use super::call::{BuiltinTable, Call};
use super::network::{Cidr, Ip, IpRange, IpVersion, carved, excluded, expanded, merged, reverse_name};
use crate::display::show;
use crate::value::{Eval, Value};

/// The maximum number of subnets that are listed.
const MAX_SUBNETS: usize = 65_536;

pub(crate) static TABLE: BuiltinTable = &[
    ("net.isIp", |call| Ok(Value::Bool(Ip::parse(call.str(0)?).is_some()))),
    ("net.isIpv4", |call| is_ip(call, IpVersion::Four)),
    ("net.isIpv6", |call| is_ip(call, IpVersion::Six)),
    ("net.isCidr", |call| Ok(Value::Bool(Cidr::parse(call.str(0)?).is_some()))),
    ("net.isNetwork", |call| Ok(Value::Bool(Cidr::parse(call.str(0)?).is_some_and(|cidr| cidr == cidr.network())))),
    ("net.isIpRange", |call| Ok(Value::Bool(IpRange::parse(call.str(0)?).is_some()))),
    ("net.isHostPort", |call| Ok(Value::Bool(is_host_port(call.str(0)?)))),
    ("net.version", version),
    ("net.network", |call| text(call, cidr(call, 0)?.network())),
    ("net.address", |call| text(call, cidr(call, 0)?.ip)),
    ("net.prefixLength", |call| Ok(Value::Int(cidr(call, 0)?.prefix.into()))),
    ("net.netmask", netmask),
    ("net.firstAddress", |call| text(call, cidr(call, 0)?.first())),
    ("net.lastAddress", |call| text(call, cidr(call, 0)?.last())),
    ("net.broadcast", broadcast),
    ("net.size", |call| size(call, cidr(call, 0)?.range())),
    ("net.host", host),
    ("net.hosts", hosts),
    ("net.subnet", subnet),
    ("net.subnets", subnets),
    ("net.carve", carve),
    ("net.contains", contains),
    ("net.overlaps", |call| Ok(Value::Bool(cidr(call, 0)?.range().overlaps(cidr(call, 1)?.range())))),
    ("net.overlapping", overlapping),
    ("net.merge", |call| networks(call, &merged(&cidrs(call, 0)?))),
    ("net.exclude", exclude),
    ("net.rangeToCidrs", |call| networks(call, &range(call, 0)?.networks())),
    ("net.rangeSize", |call| size(call, range(call, 0)?)),
    ("net.rangeContains", |call| Ok(Value::Bool(range(call, 0)?.contains_ip(ip(call, 1)?)))),
    ("net.offset", offset),
    ("net.distance", distance),
    ("net.compare", |call| Ok(Value::Int(ip(call, 0)?.cmp(&ip(call, 1)?) as i64))),
    ("net.sort", sort),
    ("net.canonical", |call| text(call, ip(call, 0)?)),
    ("net.isPrivate", |call| within(call, &["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7"])),
    ("net.isLoopback", |call| within(call, &["127.0.0.0/8", "::1/128"])),
    ("net.isLinkLocal", |call| within(call, &["169.254.0.0/16", "fe80::/10"])),
    ("net.isMulticast", |call| within(call, &["224.0.0.0/4", "ff00::/8"])),
    ("net.reverseName", |call| call.text(&reverse_name(ip(call, 0)?))),
    ("net.expanded", |call| call.text(&expanded(ip(call, 0)?))),
    ("net.hostPort", host_port),
];

fn text<'a>(call: &Call<'_, 'a>, value: impl ToString) -> Eval<Value<'a>> {
    call.text(&value.to_string())
}

fn networks<'a>(call: &Call<'_, 'a>, networks: &[Cidr]) -> Eval<Value<'a>> {
    let values = networks.iter().map(|network| text(call, network)).collect::<Eval<Vec<_>>>()?;
    call.list_of(&values)
}

/// Parses an argument. The checker requires these formats by refined types, but values from elsewhere are not checked.
fn read<T>(call: &Call<'_, '_>, text: &str, parse: fn(&str) -> Option<T>, noun: &str) -> Eval<T> {
    match parse(text) {
        Some(value) => Ok(value),
        None => call.fail(format!("{text:?} is not a valid {noun}"), format!("expected a valid {noun}")),
    }
}

fn ip(call: &Call<'_, '_>, index: usize) -> Eval<Ip> {
    read(call, call.str(index)?, Ip::parse, "IP address")
}

fn cidr(call: &Call<'_, '_>, index: usize) -> Eval<Cidr> {
    read(call, call.str(index)?, Cidr::parse, "network in CIDR notation")
}

fn range(call: &Call<'_, '_>, index: usize) -> Eval<IpRange> {
    read(call, call.str(index)?, IpRange::parse, "range of addresses")
}

fn cidrs(call: &Call<'_, '_>, index: usize) -> Eval<Vec<Cidr>> {
    call.texts(index)?.into_iter().map(|text| read(call, text, Cidr::parse, "network in CIDR notation")).collect()
}

/// An address or a network, as a range.
fn span(call: &Call<'_, '_>, index: usize) -> Eval<IpRange> {
    fn parse(text: &str) -> Option<IpRange> {
        let single = |ip| IpRange { first: ip, last: ip };
        Ip::parse(text).map(single).or_else(|| Cidr::parse(text).map(Cidr::range))
    }
    read(call, call.str(index)?, parse, "IP address or network")
}

fn is_ip<'a>(call: &Call<'_, 'a>, version: IpVersion) -> Eval<Value<'a>> {
    Ok(Value::Bool(Ip::parse(call.str(0)?).is_some_and(|ip| ip.version == version)))
}

/// Whether a string is an address or DNS name, `:` and a port.
fn is_host_port(text: &str) -> bool {
    let Some((host, port)) = text.rsplit_once(':') else { return false };
    let is_number = port.bytes().all(|byte| byte.is_ascii_digit()) && !port.starts_with('0');
    if !is_number || port.parse::<u16>().is_err() {
        return false;
    }
    match host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        Some(address) => Ip::parse(address).is_some_and(|ip| ip.version == IpVersion::Six),
        None => Ip::parse(host).map_or_else(|| is_dns_name(host), |ip| ip.version == IpVersion::Four),
    }
}

/// Whether a string consists of labels of lower-case letters, digits and `-`, separated by dots.
fn is_dns_name(text: &str) -> bool {
    let is_label = |label: &str| {
        let is_part = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        (1..=63).contains(&label.len())
            && label.bytes().all(is_part)
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    text.len() <= 253 && text.split('.').all(is_label)
}

fn version<'a>(call: &Call<'_, 'a>) -> Eval<Value<'a>> {
    Ok(Value::Int(match span(call, 0)?.first.version {
        IpVersion::Four => 4,
        IpVersion::Six => 6,
    }))
}

/// A network of IP version 4; an error for version 6, which has no `what`.
fn ipv4_network(call: &Call<'_, '_>, what: &str) -> Eval<Cidr> {
    let cidr = cidr(call, 0)?;
    match cidr.ip.version {
        IpVersion::Four => Ok(cidr),
        IpVersion::Six => call.fail(format!("{cidr} has no {what}"), format!("only IPv4 networks have a {what}")),
    }
}

fn netmask<'a>(call: &Call<'_, 'a>) -> Eval<Value<'a>> {
    let prefix = ipv4_network(call, "netmask")?.prefix;
    let mask = u32::MAX.checked_shl(32 - prefix).unwrap_or(0);
    text(call, Ip { version: IpVersion::Four, number: mask.into() })
}

fn broadcast<'a>(call: &Call<'_, 'a>) -> Eval<Value<'a>> {
    let cidr = ipv4_network(call, "broadcast address")?;
    text(call, cidr.last())
}

/// The number of addresses of a range.
fn size<'a>(call: &Call<'_, 'a>, range: IpRange) -> Eval<Value<'a>> {
    let more = range.last.number - range.first.number;
    match i64::try_from(more).ok().and_then(|more| more.checked_add(1)) {
        Some(size) => Ok(Value::Int(size)),
        None => call.overflow(&format!("the number of addresses of {}", show(call.arg(0)))),
    }
}

fn host_at(call: &Call<'_, '_>, cidr: Cidr, number: i128) -> Eval<Ip> {
    match cidr.host(number) {
        Some(ip) => Ok(ip),
        None => call.fail(
            format!("{} has no address number {number}", cidr.network()),
            format!("its addresses are {} to {}", cidr.first(), cidr.last()),
        ),
    }
}

fn host<'a>(call: &Call<'_, 'a>) -> Eval<Value<'a>> {
    text(call, host_at(call, cidr(call, 0)?, call.int(1)?.into())?)
}

fn hosts<'a>(call: &Call<'_, 'a>) -> Eval<Value<'a>> {
    let (cidr, from, count) = (cidr(call, 0)?, i128::from(call.int(1)?), call.count(2, "count")?);
    if count == 0 {
        return Ok(Value::List(&[]));
    }
    let first = host_at(call, cidr, from)?;
    // The last address is checked first, so that a count beyond the network costs nothing.
    let last = first.offset(count as i128 - 1).filter(|ip| cidr.range().contains_ip(*ip));
    if last.is_none() {
        return call.fail(
            format!("{} does not have {count} addresses from {first}", cidr.network()),
            format!("its last address is {}", cidr.last()),
        );
    }
    call.eval.charge(count)?;
    call.eval.check_memory(count.saturating_mul(32))?;
    let ips = (0..count as i128).filter_map(|step| first.offset(step)).map(|ip| text(call, ip));
    call.list_of(&ips.collect::<Eval<Vec<_>>>()?)
}

/// The number of bits to add to a prefix.
fn new_bits(call: &Call<'_, '_>, cidr: Cidr, bits: i64) -> Eval<u32> {
    let free = cidr.ip.version.bits() - cidr.prefix;
    match u32::try_from(bits) {
        Ok(bits) if bits <= free => Ok(bits),
        _ => call.fail(
            format!("{} has no subnets with {bits} more bits", cidr.network()),
            format!("its prefix can be extended by 0 to {free} bits"),
        ),
    }
}

fn subnet<'a>(call: &Call<'_, 'a>) -> Eval<Value<'a>> {
    let (cidr, number) = (cidr(call, 0)?, call.int(2)?);
    let bits = new_bits(call, cidr, call.int(1)?)?;
    match cidr.subnet(bits, number.into()) {
        Some(subnet) => text(call, subnet),
        None => call.fail(
            format!("{} has no subnet number {number}", cidr.network()),
            format!("there are 2^{bits} subnets with {bits} more bits"),
        ),
    }
}

fn subnets<'a>(call: &Call<'_, 'a>) -> Eval<Value<'a>> {
    let cidr = cidr(call, 0)?;
    let bits = new_bits(call, cidr, call.int(1)?)?;
    let count = 1usize.checked_shl(bits).filter(|count| bits <= 16 && *count <= MAX_SUBNETS);
    let Some(count) = count else {
        return call
            .fail(format!("{} has 2^{bits} subnets", cidr.network()), format!("at most {MAX_SUBNETS} are listed"));
    };
    let subnets: Vec<_> = (0..count).filter_map(|number| cidr.subnet(bits, number as i128)).collect();
    networks(call, &subnets)
}

fn carve<'a>(call: &Call<'_, 'a>) -> Eval<Value<'a>> {
    let cidr = cidr(call, 0)?;
    let bits = call.list(1)?.iter().map(|bits| new_bits(call, cidr, call.as_int(*bits)?)).collect::<Eval<Vec<_>>>()?;
    match carved(cidr, &bits) {
        Some(carved) => networks(call, &carved),
        None => call.fail(
            format!("{} is too small for these subnets", cidr.network()),
            format!("{} do not fit", show(call.arg(1))),
        ),
    }
}

fn contains<'a>(call: &Call<'_, 'a>) -> Eval<Value<'a>> {
    Ok(Value::Bool(cidr(call, 0)?.range().contains_range(span(call, 1)?)))
}

fn overlapping<'a>(call: &Call<'_, 'a>) -> Eval<Value<'a>> {
    let cidrs = cidrs(call, 0)?;
    // In the order of their first addresses, a network only overlaps its successors up to the first that starts after its end.
    let mut order: Vec<usize> = (0..cidrs.len()).collect();
    order.sort_by_key(|index| cidrs[*index].range());
    let mut pairs = Vec::new();
    for (at, &index) in order.iter().enumerate() {
        let range = cidrs[index].range();
        for &other in order[at + 1..].iter().take_while(|other| range.overlaps(cidrs[**other].range())) {
            call.eval.charge(1)?;
            call.eval.check_memory(pairs.len() * size_of::<(usize, usize)>())?;
            pairs.push((index.min(other), index.max(other)));
        }
    }
    pairs.sort_unstable();
    let record =
        |(a, b): (usize, usize)| call.map_of(vec![("first", text(call, cidrs[a])?), ("second", text(call, cidrs[b])?)]);
    call.list_of(&pairs.into_iter().map(record).collect::<Eval<Vec<_>>>()?)
}

/// An error if the IP versions of the first two arguments differ.
fn same_version(call: &Call<'_, '_>, a: IpVersion, b: IpVersion) -> Eval<()> {
    if a == b {
        return Ok(());
    }
    let (a, b) = (show(call.arg(0)), show(call.arg(1)));
    call.fail(format!("{a} and {b} have different IP versions"), "both must be IPv4 or both IPv6")
}

fn exclude<'a>(call: &Call<'_, 'a>) -> Eval<Value<'a>> {
    let (whole, hole) = (cidr(call, 0)?, cidr(call, 1)?);
    same_version(call, whole.ip.version, hole.ip.version)?;
    networks(call, &excluded(whole, hole))
}

fn offset<'a>(call: &Call<'_, 'a>) -> Eval<Value<'a>> {
    let (ip, count) = (ip(call, 0)?, call.int(1)?);
    match ip.offset(count.into()) {
        Some(ip) => text(call, ip),
        None => {
            call.fail(format!("there is no address at offset {count} from {ip}"), "beyond the first or last address")
        }
    }
}

fn distance<'a>(call: &Call<'_, 'a>) -> Eval<Value<'a>> {
    let (a, b) = (ip(call, 0)?, ip(call, 1)?);
    same_version(call, a.version, b.version)?;
    let distance = i64::try_from(b.number.abs_diff(a.number));
    match distance {
        Ok(distance) => Ok(Value::Int(if b < a { -distance } else { distance })),
        Err(_) => call.overflow(&format!("the distance from {a} to {b}")),
    }
}

fn sort<'a>(call: &Call<'_, 'a>) -> Eval<Value<'a>> {
    let read = |text| read(call, text, Ip::parse, "IP address");
    let mut ips = call.texts(0)?.into_iter().map(read).collect::<Eval<Vec<_>>>()?;
    ips.sort_unstable();
    call.list_of(&ips.into_iter().map(|ip| text(call, ip)).collect::<Eval<Vec<_>>>()?)
}

/// Whether an address or network is in one of some networks.
fn within<'a>(call: &Call<'_, 'a>, blocks: &[&str]) -> Eval<Value<'a>> {
    let inner = span(call, 0)?;
    let mut blocks = blocks.iter().filter_map(|block| Cidr::parse(block));
    Ok(Value::Bool(blocks.any(|block| block.range().contains_range(inner))))
}

fn host_port<'a>(call: &Call<'_, 'a>) -> Eval<Value<'a>> {
    let (host, port) = (call.str(0)?, call.int(1)?);
    call.text(&match Ip::parse(host) {
        Some(ip) if ip.version == IpVersion::Six => format!("[{ip}]:{port}"),
        _ => format!("{host}:{port}"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_with_ports_are_recognized() {
        for text in ["10.0.0.1:80", "[fd00::1]:80", "example.org:443", "localhost:1", "a:65535"] {
            assert!(is_host_port(text), "{text}");
        }
        for text in [
            "example.org",
            "a:0",
            "a:65536",
            "a:080",
            "fd00::1:80",
            "[10.0.0.1]:80",
            ":80",
            "A:80",
            "a b:80",
            "a:+80",
            "a:",
        ] {
            assert!(!is_host_port(text), "{text}");
        }
    }
}
