//! IPv4 and IPv6 addresses, networks and ranges, as numbers.

use std::fmt;
use std::net::{Ipv4Addr, Ipv6Addr};

/// The IP version of an address.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum IpVersion {
    Four,
    Six,
}

impl IpVersion {
    /// The number of bits of an address.
    pub(super) fn bits(self) -> u32 {
        match self {
            IpVersion::Four => 32,
            IpVersion::Six => 128,
        }
    }

    /// The number of the last address.
    pub(super) fn last(self) -> u128 {
        u128::MAX >> (128 - self.bits())
    }
}

/// An address. IPv4 addresses are ordered before IPv6 addresses.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) struct Ip {
    pub(super) version: IpVersion,
    pub(super) number: u128,
}

/// An address with a prefix length.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Cidr {
    pub(super) ip: Ip,
    pub(super) prefix: u32,
}

/// A range of addresses of one version, inclusive.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) struct IpRange {
    pub(super) first: Ip,
    pub(super) last: Ip,
}

impl Ip {
    /// Parses an address. Leading zeros and zones are rejected.
    pub(super) fn parse(text: &str) -> Option<Ip> {
        if let Ok(ip) = text.parse::<Ipv4Addr>() {
            return Some(Ip { version: IpVersion::Four, number: u32::from(ip).into() });
        }
        let ip = text.parse::<Ipv6Addr>().ok()?;
        Some(Ip { version: IpVersion::Six, number: ip.into() })
    }

    /// The address at an offset.
    pub(super) fn offset(self, count: i128) -> Option<Ip> {
        let number = self.number.checked_add_signed(count).filter(|number| *number <= self.version.last())?;
        Some(Ip { number, ..self })
    }

    fn network(self, prefix: u32) -> Cidr {
        Cidr { ip: self, prefix }.network()
    }
}

impl fmt::Display for Ip {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.version {
            IpVersion::Four => Ipv4Addr::from(self.number as u32).fmt(f),
            IpVersion::Six => Ipv6Addr::from(self.number).fmt(f),
        }
    }
}

impl Cidr {
    /// Parses an address, `/` and a prefix length.
    pub(super) fn parse(text: &str) -> Option<Cidr> {
        let (address, prefix) = text.split_once('/')?;
        let ip = Ip::parse(address)?;
        let is_digits = prefix.bytes().all(|byte| byte.is_ascii_digit());
        let is_short = prefix.len() == 1 || !prefix.starts_with('0');
        let prefix = prefix.parse().ok().filter(|prefix| is_digits && is_short && *prefix <= ip.version.bits())?;
        Some(Cidr { ip, prefix })
    }

    /// The mask of the bits after the prefix.
    fn host_mask(self) -> u128 {
        let free = self.ip.version.bits() - self.prefix;
        if free == 128 { u128::MAX } else { (1 << free) - 1 }
    }

    /// The network: the bits after the prefix are zero.
    pub(super) fn network(self) -> Cidr {
        Cidr { ip: Ip { number: self.ip.number & !self.host_mask(), ..self.ip }, prefix: self.prefix }
    }

    pub(super) fn first(self) -> Ip {
        self.network().ip
    }

    pub(super) fn last(self) -> Ip {
        Ip { number: self.ip.number | self.host_mask(), ..self.ip }
    }

    pub(super) fn range(self) -> IpRange {
        IpRange { first: self.first(), last: self.last() }
    }

    /// The address with a number, counted from the end if negative.
    pub(super) fn host(self, number: i128) -> Option<Ip> {
        let ip = if number >= 0 { self.first().offset(number)? } else { self.last().offset(number + 1)? };
        self.range().contains_ip(ip).then_some(ip)
    }

    /// The subnet with a number among those whose prefix is `new_bits` longer, counted from the end if negative.
    pub(super) fn subnet(self, new_bits: u32, number: i128) -> Option<Cidr> {
        let prefix = self.prefix.checked_add(new_bits).filter(|prefix| *prefix <= self.ip.version.bits())?;
        let last = if new_bits == 128 { u128::MAX } else { (1 << new_bits) - 1 };
        let number = if number >= 0 { number.unsigned_abs() } else { last.checked_sub(number.unsigned_abs() - 1)? };
        if number > last {
            return None;
        }
        let start = number.checked_shl(self.ip.version.bits() - prefix).unwrap_or(0);
        Some(Ip { number: self.first().number | start, ..self.ip }.network(prefix))
    }
}

impl fmt::Display for Cidr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.ip, self.prefix)
    }
}

impl IpRange {
    /// Parses two addresses of one version, separated by `-`, in order.
    pub(super) fn parse(text: &str) -> Option<IpRange> {
        let (first, last) = text.split_once('-')?;
        let range = IpRange { first: Ip::parse(first)?, last: Ip::parse(last)? };
        (range.first.version == range.last.version && range.first <= range.last).then_some(range)
    }

    pub(super) fn contains_ip(self, ip: Ip) -> bool {
        ip.version == self.first.version && (self.first..=self.last).contains(&ip)
    }

    pub(super) fn contains_range(self, other: IpRange) -> bool {
        self.contains_ip(other.first) && self.contains_ip(other.last)
    }

    pub(super) fn overlaps(self, other: IpRange) -> bool {
        self.first.version == other.first.version && self.first <= other.last && other.first <= self.last
    }

    /// The smallest list of networks that contain exactly these addresses.
    pub(super) fn networks(self) -> Vec<Cidr> {
        let bits = self.first.version.bits();
        let mut networks = Vec::new();
        let mut start = self.first.number;
        loop {
            // As large as the alignment of the start and the remaining addresses allow.
            let left = self.last.number - start;
            let aligned = start.trailing_zeros().min(bits);
            let fitting = if left == u128::MAX { 128 } else { (left + 1).ilog2() };
            let free = aligned.min(fitting);
            let cidr = Cidr { ip: Ip { version: self.first.version, number: start }, prefix: bits - free };
            networks.push(cidr);
            let end = cidr.last().number;
            if end >= self.last.number {
                return networks;
            }
            start = end + 1;
        }
    }
}

/// The smallest list of networks that contain the addresses of all of these, in order.
pub(super) fn merged(networks: &[Cidr]) -> Vec<Cidr> {
    let mut ranges: Vec<_> = networks.iter().map(|cidr| cidr.range()).collect();
    ranges.sort_unstable();
    let mut joined: Vec<IpRange> = Vec::new();
    for range in ranges {
        match joined.last_mut() {
            Some(open)
                if open.last.version == range.first.version
                    && open.last.number.checked_add(1).is_none_or(|next| range.first.number <= next) =>
            {
                open.last = open.last.max(range.last);
            }
            _ => joined.push(range),
        }
    }
    joined.into_iter().flat_map(IpRange::networks).collect()
}

/// The networks that contain the addresses of `whole` without those of `hole`.
pub(super) fn excluded(whole: Cidr, hole: Cidr) -> Vec<Cidr> {
    let (whole, hole) = (whole.range(), hole.range());
    if !whole.overlaps(hole) {
        return whole.networks();
    }
    let mut networks = Vec::new();
    if whole.first < hole.first {
        let last = Ip { number: hole.first.number - 1, ..hole.first };
        networks.extend(IpRange { first: whole.first, last }.networks());
    }
    if hole.last < whole.last {
        let first = Ip { number: hole.last.number + 1, ..hole.last };
        networks.extend(IpRange { first, last: whole.last }.networks());
    }
    networks
}

/// Adjacent subnets of different sizes, each at the first aligned address after the one before; `None` if the addresses run
/// out.
pub(super) fn carved(whole: Cidr, new_bits: &[u32]) -> Option<Vec<Cidr>> {
    let version = whole.ip.version;
    let mut next = Some(whole.first().number);
    let mut networks = Vec::new();
    for bits in new_bits {
        let prefix = whole.prefix.checked_add(*bits).filter(|prefix| *prefix <= version.bits())?;
        let start = next?;
        let mut cidr = Ip { version, number: start }.network(prefix);
        if cidr.ip.number < start {
            // Not aligned: the next one is.
            cidr = Ip { version, number: cidr.last().number.checked_add(1)? }.network(prefix);
        }
        if !whole.range().contains_range(cidr.range()) {
            return None;
        }
        next = cidr.last().number.checked_add(1);
        networks.push(cidr);
    }
    Some(networks)
}

/// The name of an address for reverse DNS lookups.
pub(super) fn reverse_name(ip: Ip) -> String {
    match ip.version {
        IpVersion::Four => {
            let [a, b, c, d] = (ip.number as u32).to_be_bytes();
            format!("{d}.{c}.{b}.{a}.in-addr.arpa")
        }
        IpVersion::Six => {
            let digits: Vec<_> = (0..32).map(|digit| format!("{:x}", (ip.number >> (4 * digit)) & 0xf)).collect();
            format!("{}.ip6.arpa", digits.join("."))
        }
    }
}

/// An address with all its digits.
pub(super) fn expanded(ip: Ip) -> String {
    match ip.version {
        IpVersion::Four => {
            let parts = (ip.number as u32).to_be_bytes().map(|part| format!("{part:03}"));
            parts.join(".")
        }
        IpVersion::Six => Ipv6Addr::from(ip.number).segments().map(|part| format!("{part:04x}")).join(":"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cidr(text: &str) -> Cidr {
        Cidr::parse(text).unwrap()
    }

    fn shown(networks: &[Cidr]) -> Vec<String> {
        networks.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn malformed_addresses_are_rejected() {
        for text in ["", "10.0.0", "010.0.0.1", "10.0.0.256", " 10.0.0.1", "fe80::1%eth0", "::g", "1:2", "[::1]"] {
            assert_eq!(Ip::parse(text), None, "{text}");
        }
        for text in
            ["10.0.0.0", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/08", "10.0.0.0/+8", "10.0.0.0/24 ", "::/129", "/8"]
        {
            assert_eq!(Cidr::parse(text), None, "{text}");
        }
        for text in ["10.0.0.2-10.0.0.1", "10.0.0.1-::1", "10.0.0.1", "-"] {
            assert_eq!(IpRange::parse(text), None, "{text}");
        }
    }

    #[test]
    fn hosts_and_subnets_count_from_both_ends() {
        let net = cidr("10.0.0.5/24");
        for (number, expected) in
            [(0, Some("10.0.0.0")), (1, Some("10.0.0.1")), (-1, Some("10.0.0.255")), (256, None), (-257, None)]
        {
            assert_eq!(net.host(number).map(|ip| ip.to_string()).as_deref(), expected, "{number}");
        }
        let net = cidr("10.0.0.0/16");
        for (bits, number, expected) in [
            (8, 3, Some("10.0.3.0/24")),
            (8, -1, Some("10.0.255.0/24")),
            (8, 256, None),
            (17, 0, None),
            (0, 0, Some("10.0.0.0/16")),
        ] {
            assert_eq!(net.subnet(bits, number).map(|net| net.to_string()).as_deref(), expected, "{bits} {number}");
        }
        assert_eq!(cidr("::/0").subnet(128, -1).unwrap().to_string(), "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff/128");
        assert_eq!(cidr("fd00::/64").host(255).unwrap().to_string(), "fd00::ff");
    }

    #[test]
    fn ranges_become_few_networks() {
        let range = IpRange::parse("10.0.0.0-10.0.0.2").unwrap();
        assert_eq!(shown(&range.networks()), ["10.0.0.0/31", "10.0.0.2/32"]);
        assert_eq!(shown(&cidr("::/0").range().networks()), ["::/0"]);
        assert_eq!(shown(&cidr("0.0.0.0/0").range().networks()), ["0.0.0.0/0"]);
        let range = IpRange::parse("10.0.0.1-10.0.0.6").unwrap();
        assert_eq!(shown(&range.networks()), ["10.0.0.1/32", "10.0.0.2/31", "10.0.0.4/31", "10.0.0.6/32"]);
    }

    #[test]
    fn adjacent_networks_are_merged() {
        let nets = ["fd00::/64", "10.0.2.0/24", "10.0.0.128/25", "10.0.0.0/25", "10.0.0.64/26"].map(cidr);
        assert_eq!(shown(&merged(&nets)), ["10.0.0.0/24", "10.0.2.0/24", "fd00::/64"]);
        assert_eq!(shown(&merged(&[cidr("::/1"), cidr("8000::/1")])), ["::/0"]);
        assert_eq!(shown(&merged(&[cidr("128.0.0.0/1"), cidr("::/128")])), ["128.0.0.0/1", "::/128"]);
        assert!(merged(&[]).is_empty());
    }

    #[test]
    fn holes_are_cut_out() {
        assert_eq!(shown(&excluded(cidr("10.0.0.0/24"), cidr("10.0.0.64/26"))), ["10.0.0.0/26", "10.0.0.128/25"]);
        assert!(excluded(cidr("10.0.0.0/24"), cidr("10.0.0.0/8")).is_empty());
        assert_eq!(shown(&excluded(cidr("10.0.0.0/24"), cidr("11.0.0.0/8"))), ["10.0.0.0/24"]);
    }

    #[test]
    fn subnets_are_carved_in_order() {
        let net = cidr("10.0.0.0/24");
        assert_eq!(shown(&carved(net, &[1, 2, 2]).unwrap()), ["10.0.0.0/25", "10.0.0.128/26", "10.0.0.192/26"]);
        assert_eq!(carved(net, &[1, 1, 1]), None);
        assert_eq!(shown(&carved(cidr("10.0.0.0/16"), &[8, 4]).unwrap()), ["10.0.0.0/24", "10.0.16.0/20"]);
        assert_eq!(carved(cidr("::/0"), &[1, 1, 1]), None);
        assert_eq!(carved(cidr("255.255.255.0/24"), &[0, 0]), None);
    }

    #[test]
    fn all_forms_of_an_address_are_written() {
        let (four, six) = (Ip::parse("10.0.0.1").unwrap(), Ip::parse("FD00:0:0::1").unwrap());
        assert_eq!(reverse_name(four), "1.0.0.10.in-addr.arpa");
        assert!(reverse_name(six).starts_with("1.0.0.0.") && reverse_name(six).ends_with("0.0.d.f.ip6.arpa"));
        assert_eq!((expanded(four), six.to_string()), ("010.000.000.001".into(), "fd00::1".into()));
        assert_eq!(expanded(six), "fd00:0000:0000:0000:0000:0000:0000:0001");
    }
}
